package dev.outboxrelay.mail.run;

import dev.outboxrelay.mail.Handling;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.Settlement;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;
import java.util.Objects;

/**
 * Continues the trace that the event brought with it: a span of kind CONSUMER by OpenTelemetry's messaging conventions,
 * whose ids are in every line that is logged meanwhile. The span has the whole destination; its metric has only the queue,
 * since routing keys come from outside and may be without number.
 */
final class TracedHandling implements Handling {
    private static final String DESTINATION = "messaging.destination.name";

    private final Handling handling;
    private final ObservationRegistry observations;
    private final KeyValues everyTime;

    TracedHandling(Handling handling, ObservationRegistry observations) {
        this.handling = handling;
        this.observations = observations;
        this.everyTime = KeyValues.of("messaging.system", "rabbitmq", "messaging.operation.type", "process");
    }

    @Override
    public Settlement handle(Incoming message) throws InterruptedException {
        ReceiverContext<Map<String, String>> context = new ReceiverContext<>(Map::get, Kind.CONSUMER);
        context.setCarrier(message.trace());
        Observation observation = Observation.createNotStarted("mail.worker.process", () -> context, observations)
                .contextualName("process " + message.destination())
                .lowCardinalityKeyValues(everyTime)
                .lowCardinalityKeyValue(DESTINATION, message.queue())
                .highCardinalityKeyValue(DESTINATION, message.destination())
                .highCardinalityKeyValue("messaging.message.id", String.valueOf(message.messageId()));
        Settlement settlement = observation.observeChecked(() -> handling.handle(message));
        return Objects.requireNonNull(settlement);
    }
}
