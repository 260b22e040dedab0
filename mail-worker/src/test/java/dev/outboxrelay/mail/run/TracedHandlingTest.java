package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.Settlement;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TracedHandlingTest {
    @Test
    void the_trace_of_the_event_is_continued() throws Exception {
        Recorder recorder = new Recorder();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(recorder);
        Settlement.Ack ack = new Settlement.Ack();
        Incoming message = new Incoming(
                "outbox.events:Order.OrderPlaced:mail.orders.0",
                "id",
                "OrderPlaced",
                null,
                "4711",
                1L,
                0,
                Map.of("traceparent", "00-1-2-01"),
                new byte[0]);

        Settlement settlement = new TracedHandling(any -> ack, registry).handle(message);

        assertThat(settlement).isSameAs(ack);
        ReceiverContext<?> context = (ReceiverContext<?>) recorder.stopped.get(0);
        assertThat(context.getKind()).isEqualTo(Kind.CONSUMER);
        assertThat(context.getCarrier()).isEqualTo(message.trace());
        assertThat(context.getContextualName()).isEqualTo("process outbox.events:Order.OrderPlaced:mail.orders.0");
    }

    /** Keeps what was observed. */
    private static final class Recorder implements ObservationHandler<Observation.Context> {
        private final List<Observation.Context> stopped = new ArrayList<>();

        @Override
        public void onStop(Observation.Context context) {
            stopped.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}
