package dev.outboxrelay.relay;

/** MySQL's text form of a GTID set: {@code uuid[:tag]:1-5:7,uuid:9}. */
final class GtidSets {

    private GtidSets() {}

    /** How many transactions a set holds. */
    static long count(String gtids) {
        long transactions = 0;
        for (String source : gtids.replaceAll("\\s", "").split(",", -1)) {
            String[] parts = source.split(":", -1);
            for (int i = 1; i < parts.length; i++) {
                if (!parts[i].isEmpty() && Character.isDigit(parts[i].charAt(0))) {
                    transactions += length(parts[i]);
                }
            }
        }
        return transactions;
    }

    private static long length(String interval) {
        int dash = interval.indexOf('-');
        return dash < 0
                ? 1
                : Long.parseLong(interval.substring(dash + 1)) - Long.parseLong(interval.substring(0, dash)) + 1;
    }
}
