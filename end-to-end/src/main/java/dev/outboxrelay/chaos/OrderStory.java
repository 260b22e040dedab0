package dev.outboxrelay.chaos;

import dev.outboxrelay.demo.SampleOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a customer does with one order, after having placed it. The same seed and number give the same story. */
record OrderStory(SampleOrder order, List<Chapter> later) {

    private static final int LONGEST_PAUSE_MILLIS = 400;

    /** One more command on the order. */
    enum Act {
        PAY("/payment", "OrderPaid"),
        SHIP("/shipment", "OrderShipped"),
        CANCEL("/cancellation", "OrderCancelled");

        private final String path;
        private final String event;

        Act(String path, String event) {
            this.path = path;
            this.event = event;
        }

        String path() {
            return path;
        }

        /** The type of the event that tells of it. */
        String event() {
            return event;
        }

        Map<String, String> body() {
            return switch (this) {
                case PAY -> Map.of();
                case SHIP -> Map.of("carrier", "顺丰", "tracking", "SF1234567890");
                case CANCEL -> Map.of("reason", "changed my mind");
            };
        }
    }

    /** A command, and how long after the answer to the one before it comes. */
    record Chapter(Act act, Duration pause) {}

    private static final List<List<Act>> PLOTS = List.of(
            List.of(),
            List.of(Act.PAY),
            List.of(Act.PAY, Act.SHIP),
            List.of(Act.PAY, Act.SHIP),
            List.of(Act.PAY, Act.CANCEL),
            List.of(Act.CANCEL));

    static OrderStory of(long seed, int number) {
        Random random = new Random(seed * 31 + number);
        List<Act> plot = PLOTS.get(random.nextInt(PLOTS.size()));
        List<Chapter> later = plot.stream()
                .map(act -> new Chapter(act, Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS))))
                .toList();
        return new OrderStory(SampleOrder.number(number), later);
    }
}
