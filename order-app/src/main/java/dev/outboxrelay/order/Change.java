package dev.outboxrelay.order;

import dev.outboxrelay.order.json.Fields;
import org.jspecify.annotations.Nullable;

/** A command on an order that exists, with what its event tells beside the order itself. */
sealed interface Change {
    int MAX_CARRIER = 100;
    int MAX_TRACKING = 64;
    int MAX_REASON = 200;

    Transition transition();

    default @Nullable String carrier() {
        return null;
    }

    default @Nullable String tracking() {
        return null;
    }

    default @Nullable String reason() {
        return null;
    }

    record Payment() implements Change {
        static Payment read(Fields none) {
            return new Payment();
        }

        @Override
        public Transition transition() {
            return Transition.PAYMENT;
        }
    }

    record Shipment(String carrier, String tracking) implements Change {
        static Shipment read(Fields fields) {
            return new Shipment(
                    fields.text("carrier", TextFormats.line(MAX_CARRIER)),
                    fields.text("tracking", TextFormats.line(MAX_TRACKING)));
        }

        @Override
        public Transition transition() {
            return Transition.SHIPMENT;
        }
    }

    record Cancellation(String reason) implements Change {
        static Cancellation read(Fields fields) {
            return new Cancellation(fields.text("reason", TextFormats.line(MAX_REASON)));
        }

        @Override
        public Transition transition() {
            return Transition.CANCELLATION;
        }
    }
}
