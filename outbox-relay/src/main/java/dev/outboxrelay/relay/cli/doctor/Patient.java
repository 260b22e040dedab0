package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.OutboxTable;
import dev.outboxrelay.relay.RelayConfig;
import dev.outboxrelay.relay.Server;
import dev.outboxrelay.relay.Settings;
import dev.outboxrelay.relay.offsets.LeaseStore;
import dev.outboxrelay.relay.offsets.OffsetHistory;
import dev.outboxrelay.relay.offsets.OffsetStore;
import dev.outboxrelay.relay.offsets.QuarantineRows;
import dev.outboxrelay.relay.offsets.QuarantineStore;
import dev.outboxrelay.relay.offsets.StateStore;
import dev.outboxrelay.relay.offsets.UnconfirmedStore;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The relay to look at: its settings, and its database over one connection that is made when first used. */
public record Patient(
        Settings settings,
        JdbcClient jdbc,
        OffsetStore offsets,
        OffsetHistory history,
        LeaseStore leases,
        QuarantineRows quarantine) {

    RelayConfig config() {
        return settings.relay();
    }

    Server server() {
        return new Server(jdbc);
    }

    StateStore states() {
        return new StateStore(jdbc, config().schema(), config().name());
    }

    UnconfirmedStore unconfirmed() {
        return new UnconfirmedStore(
                jdbc, TransactionOperations.withoutTransaction(), config().schema(), config().name());
    }

    /** The quarantine as the relay itself uses it; only to be read. */
    QuarantineStore held() {
        return new QuarantineStore(
                jdbc, TransactionOperations.withoutTransaction(), config().schema(), config().name());
    }

    /** The database's clock. */
    Instant now() {
        return jdbc.sql("SELECT NOW(6)").query(LocalDateTime.class).single().toInstant(ZoneOffset.UTC);
    }

    /** The outbox tables, if they are as they must be; throws like {@link OutboxTable#find}. */
    List<OutboxTable> tables() {
        return OutboxTable.find(jdbc, config().tables(), config().expectedColumns());
    }
}
