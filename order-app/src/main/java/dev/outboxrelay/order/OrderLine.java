package dev.outboxrelay.order;

/** @param unitPriceMinor in the smallest unit of the order's currency */
record OrderLine(String sku, String name, int quantity, long unitPriceMinor) {
    static final int MAX_QUANTITY = 1_000_000;
    static final long MAX_UNIT_PRICE = 1_000_000_000_000L;

    /** Cannot overflow: 10^6 times 10^12 is less than 2^63. */
    long totalMinor() {
        return quantity * unitPriceMinor;
    }
}
