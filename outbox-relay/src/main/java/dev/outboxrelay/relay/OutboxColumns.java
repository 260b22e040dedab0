package dev.outboxrelay.relay;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The outbox table's column names, {@code relay.columns.*}; the defaults are those of Debezium's EventRouter. The last three
 * may be missing in the table.
 *
 * @param asHeaders further columns that go into the message's headers under their own names
 */
public record OutboxColumns(
        @DefaultValue("id") String id,
        @DefaultValue("aggregatetype") String aggregateType,
        @DefaultValue("aggregateid") String aggregateId,
        @DefaultValue("type") String type,
        @DefaultValue("payload") String payload,
        @DefaultValue("headers") String headers,
        @DefaultValue("aggregate_version") String aggregateVersion,
        @DefaultValue("created_at") String createdAt,
        @DefaultValue List<String> asHeaders) {

    /** The columns that every outbox table must have. */
    public Set<String> required() {
        return Stream.concat(Stream.of(id, aggregateType, aggregateId, type, payload), asHeaders.stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
