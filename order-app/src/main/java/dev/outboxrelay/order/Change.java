package dev.outboxrelay.order;

import dev.outboxrelay.order.json.Fields;
import io.swagger.v3.oas.annotations.media.Schema;
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

    record Shipment(
            @Schema(minLength = 1, maxLength = MAX_CARRIER, example = "顺丰")
            String carrier,

            @Schema(minLength = 1, maxLength = MAX_TRACKING, example = "SF1234567890")
            String tracking)
            implements Change {
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

    record Cancellation(
            @Schema(minLength = 1, maxLength = MAX_REASON, example = "changed my mind")
            String reason) implements Change {
        static Cancellation read(Fields fields) {
            return new Cancellation(fields.text("reason", TextFormats.line(MAX_REASON)));
        }

        @Override
        public Transition transition() {
            return Transition.CANCELLATION;
        }
    }
}
