package dev.outboxrelay.order;

import io.swagger.v3.oas.annotations.media.Schema;

/** @param unitPriceMinor in the smallest unit of the order's currency */
record OrderLine(
        @Schema(pattern = "^" + TextFormats.SKU_PATTERN + "$", example = "TEA-001")
        String sku,

        @Schema(minLength = 1, maxLength = PlaceOrder.MAX_NAME, example = "龙井茶")
        String name,

        @Schema(minimum = "1", maximum = "" + MAX_QUANTITY, example = "2")
        int quantity,

        @Schema(minimum = "0", maximum = "" + MAX_UNIT_PRICE, example = "12800")
        long unitPriceMinor) {
    static final int MAX_QUANTITY = 1_000_000;
    static final long MAX_UNIT_PRICE = 1_000_000_000_000L;

    /** Cannot overflow: 10^6 times 10^12 is less than 2^63. */
    long totalMinor() {
        return quantity * unitPriceMinor;
    }
}
