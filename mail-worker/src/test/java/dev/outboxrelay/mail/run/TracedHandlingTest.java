package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.Settlement;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TracedHandlingTest {
    private static final String DESTINATION = "messaging.destination.name";

    private final Recorder recorder = new Recorder();
    private final Settlement.Ack ack = new Settlement.Ack(CompletableFuture.completedStage(null));

    private Settlement handle(Incoming message) throws InterruptedException {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(recorder);
        return new TracedHandling(any -> ack, registry).handle(message);
    }

    private static Incoming message(String routingKey) {
        return new Incoming(
                "outbox.events:" + routingKey + ":mail.orders.0",
                "mail.orders.0",
                "id",
                "OrderPlaced",
                null,
                "4711",
                1L,
                0,
                Map.of("traceparent", "00-1-2-01"),
                new byte[0]);
    }

    @Test
    void the_trace_of_the_event_is_continued() throws Exception {
        Incoming message = message("Order.OrderPlaced");

        assertThat(handle(message)).isSameAs(ack);

        ReceiverContext<?> context = (ReceiverContext<?>) recorder.stopped.get(0);
        assertThat(context.getKind()).isEqualTo(Kind.CONSUMER);
        assertThat(context.getCarrier()).isEqualTo(message.trace());
        assertThat(context.getContextualName()).isEqualTo("process outbox.events:Order.OrderPlaced:mail.orders.0");
    }

    @Test
    void a_routing_key_is_in_the_span_and_is_no_tag_of_the_metric() throws Exception {
        handle(message("order.4711"));

        Observation.Context context = recorder.stopped.get(0);
        assertThat(context.getLowCardinalityKeyValues())
                .contains(KeyValue.of(DESTINATION, "mail.orders.0"))
                .noneMatch(one -> one.getValue().contains("4711"));
        assertThat(context.getAllKeyValues())
                .contains(KeyValue.of(DESTINATION, "outbox.events:order.4711:mail.orders.0"));
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
