package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.Destination;
import dev.outboxrelay.relay.OutboxColumns;
import dev.outboxrelay.relay.OutboxTable;
import dev.outboxrelay.relay.RelayConfig;
import dev.outboxrelay.relay.RootCause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;

/** The outbox tables, the relay's own ones, and where the events of the first would go. */
final class TableChecks {

    private static final String FLYWAY =
            "Let flyway make them (java -jar flyway/target/flyway.jar), or correct relay.schema; a table that may not be read looks like one that is not there";

    /** Those that a relay can do without, and what is missing then. */
    private static final Map<String, String> OPTIONAL = Map.of(
            "relay_state", "offsets show can't tell the relay's state",
            "relay_unconfirmed", "deliveries can't be verified");

    private final Patient patient;
    private final RelayConfig config;
    private final OutboxColumns columns;
    private List<OutboxTable> tables = List.of();
    private List<Destination> destinations = List.of();

    TableChecks(Patient patient) {
        this.patient = patient;
        config = patient.config();
        columns = config.columns();
    }

    /** @return where the events that stand in the tables go; empty where that is not known */
    List<Destination> run(Series series) throws InterruptedException {
        Series outbox = series.next("tables");
        outbox.require("outbox", this::outbox);
        outbox.check("routing keys", this::routingKeys);
        series.require("relay schema", this::relaySchema);
        return destinations;
    }

    /** Reads each of them as the relay does. */
    private Outcome relaySchema() {
        Map<String, Runnable> reads = new LinkedHashMap<>();
        reads.put("relay_offset", patient.offsets()::read);
        reads.put("relay_offset_history", () -> patient.history().newest(1, true));
        reads.put("relay_lease", patient.leases()::current);
        reads.put("relay_quarantine", patient.held()::aggregates);
        reads.put("relay_state", patient.states()::all);
        reads.put("relay_unconfirmed", () -> patient.unconfirmed().list(0, 1));
        List<Outcome> problems = new ArrayList<>();
        reads.forEach((table, read) -> {
            try {
                read.run();
            } catch (BadSqlGrammarException e) {
                String evidence = "%s: %s".formatted(config.schema(), RootCause.of(e));
                problems.add(
                        OPTIONAL.containsKey(table)
                                ? Outcome.warning(evidence + "; " + OPTIONAL.get(table), FLYWAY)
                                : Outcome.failed(evidence, FLYWAY));
            }
        });
        return Outcome.of(problems, "%s has %s".formatted(config.schema(), String.join(", ", reads.keySet())));
    }

    private Outcome outbox() {
        try {
            tables = patient.tables();
        } catch (OutboxTable.UnfitException e) {
            return Outcome.failed(
                    String.valueOf(e.getMessage()),
                    "Correct relay.tables, or name your columns in relay.columns.*, or add what is missing; grant SELECT where it is there");
        }
        List<Outcome> problems = new ArrayList<>();
        tables.forEach(table -> look(table, problems));
        return Outcome.of(
                problems,
                tables.stream()
                        .map(table -> "%s: %s".formatted(table, String.join(", ", config.expectedColumns())))
                        .collect(Collectors.joining("; ")));
    }

    private void look(OutboxTable table, List<Outcome> problems) {
        String engine = patient.jdbc()
                .sql("SELECT engine FROM information_schema.tables WHERE table_schema = ? AND table_name = ?")
                .params(table.schema(), table.name())
                .query(String.class)
                .single();
        if (!"InnoDB".equals(engine)) {
            problems.add(Outcome.failed(
                    "%s is in %s, which has no transactions: an order that is rolled back leaves its event"
                            .formatted(table, engine),
                    "ALTER TABLE %s ENGINE = InnoDB;".formatted(table.quoted())));
        }
        Map<String, String> types = types(table);
        String id = types.getOrDefault(columns.id(), "");
        if (!id.matches("binary\\(16\\)|char\\(36\\)|(var)?char\\(\\d+\\)|bigint.*|int.*")) {
            problems.add(Outcome.failed(
                    "%s.%s is %s".formatted(table, columns.id(), id), "Use BINARY(16), CHAR(36) or BIGINT for the id"));
        }
        if ("json".equals(types.get(columns.payload()))) {
            problems.add(Outcome.warning(
                    "%s.%s is JSON: MySQL changes the order of its keys, so that what is published is not what was written"
                            .formatted(table, columns.payload()),
                    "ALTER TABLE %1$s MODIFY %2$s MEDIUMTEXT NOT NULL, ADD CHECK (JSON_VALID(%2$s)); once the relay has published all"
                            .formatted(table.quoted(), OutboxTable.quoted(columns.payload()))));
        }
        if (config.janitor().enabled() || config.verification().isOn()) {
            lookForAge(table, problems);
        }
    }

    private Map<String, String> types(OutboxTable table) {
        Map<String, String> types = new HashMap<>();
        patient.jdbc()
                .sql(
                        "SELECT column_name, column_type FROM information_schema.columns WHERE table_schema = ? AND table_name = ?")
                .params(table.schema(), table.name())
                .query(row -> {
                    types.put(row.getString(1), row.getString(2).toLowerCase(Locale.ROOT));
                });
        return types;
    }

    /** What the janitor chooses rows by. */
    private void lookForAge(OutboxTable table, List<Outcome> problems) {
        String createdAt = OutboxTable.quoted(columns.createdAt());
        if (!table.columns().contains(columns.createdAt())) {
            problems.add(Outcome.warning(
                    "%s has no column %s, so that old rows are never deleted and deliveries not verified"
                            .formatted(table, columns.createdAt()),
                    "ALTER TABLE %s ADD COLUMN %s TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6); or set relay.janitor.enabled=false"
                            .formatted(table.quoted(), createdAt)));
            return;
        }
        boolean indexed = patient.jdbc()
                .sql("""
                        SELECT COUNT(*) > 0 FROM information_schema.statistics
                        WHERE table_schema = ? AND table_name = ? AND column_name = ? AND seq_in_index = 1""")
                .params(table.schema(), table.name(), columns.createdAt())
                .query(Boolean.class)
                .single();
        if (!indexed) {
            problems.add(Outcome.warning(
                    "%s has no index on %s: to find old rows, the whole table is read"
                            .formatted(table, columns.createdAt()),
                    "CREATE INDEX outbox_by_age ON %s (%s);".formatted(table.quoted(), createdAt)));
        }
    }

    private Outcome routingKeys() {
        try {
            destinations = Destination.seenIn(patient.jdbc(), tables, config);
        } catch (QueryTimeoutException e) {
            return Outcome.skipped("the newest events can't be listed in time: " + RootCause.of(e));
        }
        return destinations.isEmpty()
                ? Outcome.skipped("no event stands in the outbox, so that no routing key is known")
                : Outcome.ok(Destination.list(destinations));
    }
}
