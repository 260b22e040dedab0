package dev.outboxrelay.demo;

/**
 * What a run has shown.
 *
 * @param ordered how many orders there were to place
 * @param confirmed events that RabbitMQ confirmed to the relay, as far as the relay's metrics tell: what a killed relay had
 *     counted since the last reading is missing
 * @param commitToConfirm from the commit of an event to RabbitMQ's confirm
 * @param orderToMail from the API's answer to the arrival of the mail
 */
record Outcome(int ordered, Tally tally, long confirmed, Histogram commitToConfirm, Latencies orderToMail) {

    boolean isClean() {
        return tally.isClean(ordered);
    }
}
