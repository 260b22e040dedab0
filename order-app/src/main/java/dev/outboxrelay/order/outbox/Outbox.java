package dev.outboxrelay.order.outbox;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Appends events to the table {@code outbox} in the caller's transaction. */
public final class Outbox {
    private static final String INSERT =
            "INSERT INTO outbox (id, aggregatetype, aggregateid, aggregate_version, type, payload, headers)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)";

    private final TransactionTemplate current;
    private final JdbcTemplate jdbc;
    private final JsonMapper json;
    private final Supplier<Map<String, String>> headers;

    /** @param headers what goes with an event that is appended now, such as {@link TraceHeaders} */
    public Outbox(
            PlatformTransactionManager transactions,
            JdbcTemplate jdbc,
            JsonMapper json,
            Supplier<Map<String, String>> headers) {
        this.current = new TransactionTemplate(transactions);
        this.current.setPropagationBehavior(TransactionDefinition.PROPAGATION_MANDATORY);
        this.jdbc = jdbc;
        this.json = json;
        this.headers = headers;
    }

    /**
     * Writes the event. It will be published at least once if the current transaction commits, and never if it does not.
     *
     * @return the event's id, a UUIDv7, which becomes the message's id
     * @throws IllegalTransactionStateException outside a transaction: the event could then be published although the change
     *     it speaks of was rolled back, or the other way round
     * @throws DataAccessException where the row can't be written; the transaction can then only be rolled back
     */
    public UUID append(OutboxEvent event) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        current.executeWithoutResult(transaction -> jdbc.update(
                INSERT,
                UuidCreator.toBytes(id),
                event.aggregateType(),
                event.aggregateId(),
                event.aggregateVersion(),
                event.type(),
                json.writeValueAsString(event.payload()),
                headersOrNull()));
        return id;
    }

    private @Nullable String headersOrNull() {
        Map<String, String> present = headers.get();
        return present.isEmpty() ? null : json.writeValueAsString(present);
    }
}
