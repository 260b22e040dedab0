package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.Confirmations;
import dev.outboxrelay.relay.Distance;
import dev.outboxrelay.relay.OutboxTable;
import dev.outboxrelay.relay.RelayConfig.OnLostPosition;
import dev.outboxrelay.relay.RootCause;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.Verification;
import dev.outboxrelay.relay.cli.Words;
import dev.outboxrelay.relay.offsets.LeaseStore.Tenure;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.BadSqlGrammarException;

/** Where this relay stands. */
final class PositionChecks {

    /** As the relay's own warning: the last quarter of the retention. */
    private static final int NEAR = 4;

    private final Patient patient;

    PositionChecks(Patient patient) {
        this.patient = patient;
    }

    void run(Series series) throws InterruptedException {
        series.check("stored", this::stored);
        series.check("quarantine", this::quarantine);
        series.check("deliveries", this::deliveries);
    }

    private Outcome stored() {
        Optional<StoredOffset> offset = patient.offsets().read();
        if (offset.isEmpty()) {
            return Outcome.ok("none yet: the first start publishes what stands in the table");
        }
        StoredOffset stored = offset.get();
        StoredOn position = new StoredOn(stored.position(), stored.serverUuid());
        String lost = patient.server().cannotResume(position);
        if (lost != null) {
            boolean republish = patient.config().onLostPosition() == OnLostPosition.REPUBLISH;
            return Outcome.failed(
                    "lost: " + lost,
                    (republish
                                    ? "Start the relay: it publishes again what the table still holds"
                                    : "Start it once with --relay.on-lost-position=republish")
                            + ", see docs/operations.md, 'The position is lost'");
        }
        Distance distance = Distance.measure(patient.server(), position, patient.now());
        Duration left = distance.untilPurge();
        Duration kept = distance.retention();
        String running = patient.leases()
                .current()
                .filter(Tenure::isHeld)
                .map(tenure -> "a relay is running")
                .orElse("no relay is running");
        return left != null && kept != null && left.compareTo(kept.dividedBy(NEAR)) < 0
                ? Outcome.warning(
                        "usable, but the binlog behind it will be deleted in %s; %s".formatted(Words.of(left), running),
                        "Let the relay catch up, or give it time: SET PERSIST binlog_expire_logs_seconds = 2592000;")
                : Outcome.ok("usable; " + running);
    }

    private Outcome quarantine() {
        long count = patient.quarantine().count();
        return count == 0
                ? Outcome.ok("empty")
                : Outcome.warning(Words.count(count, "event") + " in it", "bin/outbox-relay quarantine list");
    }

    private Outcome deliveries() {
        Verification verification = patient.config().verification();
        if (!verification.isOn()) {
            return Outcome.ok(
                    "not verified; relay.verification.confirmations would name where the consumer says what it has");
        }
        String where = verification.confirmations();
        try {
            new Confirmations(patient.jdbc(), verification).require();
        } catch (BadSqlGrammarException e) {
            return Outcome.failed(
                    "%s can't be read: %s".formatted(where, RootCause.of(e)),
                    "It needs the columns consumer, message_id, state, concluded and due_at, and the relay's user SELECT on it");
        }
        try {
            return verified(verification);
        } catch (BadSqlGrammarException e) {
            return Outcome.failed(
                    RootCause.of(e),
                    "Let flyway bring the relay's tables up to date (java -jar flyway/target/flyway.jar)");
        }
    }

    private Outcome verified(Verification verification) {
        long missing = patient.unconfirmed().missing();
        if (missing > 0) {
            return Outcome.warning(
                    "%s never confirmed %s, though published again"
                            .formatted(verification.consumer(), Words.count(missing, "event")),
                    "bin/outbox-relay audit");
        }
        List<String> tables =
                patient.tables().stream().map(OutboxTable::toString).toList();
        Duration unverified = patient.unconfirmed()
                .verifiedTo(tables)
                .map(upTo -> Duration.between(upTo, patient.now()))
                .orElse(Duration.ZERO);
        return unverified.compareTo(verification
                                .after()
                                .plus(verification.interval())
                                .multipliedBy(2))
                        > 0
                ? Outcome.warning(
                        "not verified from what was written %s ago on: the relay does not run, or %s is behind"
                                .formatted(Words.of(unverified), verification.consumer()),
                        "bin/outbox-relay audit")
                : Outcome.ok("%s confirms them in %s; none is missing"
                        .formatted(verification.consumer(), verification.confirmations()));
    }
}
