package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.Server;
import dev.outboxrelay.relay.binlog.BinlogEntry;
import dev.outboxrelay.relay.binlog.BinlogReader;
import dev.outboxrelay.relay.binlog.OutboxRows;
import dev.outboxrelay.relay.cli.Words;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;

/** Whether the binlog holds what a relay needs, long enough, and can be read. */
final class BinlogChecks {

    private static final Duration SHORT = Duration.ofDays(1);
    /** Beginning later than this part of the retention, the binlog has been deleted by something else. */
    private static final int MUCH_LESS = 10;

    private final Patient patient;
    private final Server server;
    private @Nullable Instant oldest;

    BinlogChecks(Patient patient) {
        this.patient = patient;
        server = patient.server();
    }

    void run(Series series) throws InterruptedException {
        series.require("log_bin", () -> must("log_bin", "ON", "Set log_bin in my.cnf and start MySQL anew"));
        series.check("binlog_format", () -> must("binlog_format", "ROW", "SET PERSIST binlog_format = 'ROW';"));
        series.check(
                "binlog_row_image", () -> must("binlog_row_image", "FULL", "SET PERSIST binlog_row_image = 'FULL';"));
        series.check("gtid_mode", () -> gtids(variable("gtid_mode")));
        series.check("server_id", this::serverId);
        series.check("readable", this::readable);
        series.check("retention", this::retention);
    }

    private String variable(String name) {
        return MySqlChecks.variables(patient.jdbc(), name).getOrDefault(name, "");
    }

    private Outcome must(String variable, String value, String fix) {
        String actual = variable(variable);
        // A release that no longer has the variable knows no other value.
        return actual.isEmpty() || actual.equals(value)
                ? Outcome.ok(value)
                : Outcome.failed("%s is %s and must be %s".formatted(variable, actual, value), fix);
    }

    private static Outcome gtids(String mode) {
        return switch (mode) {
            case "ON" -> Outcome.ok("ON");
            case "ON_PERMISSIVE" ->
                Outcome.warning(
                        "ON_PERMISSIVE: transactions without a GTID stand in no set, so positions go by file and hold on this server only",
                        "SET PERSIST gtid_mode = ON; once no transaction is without a GTID");
            default ->
                Outcome.warning(
                        mode
                                + ": a position holds on this server only; after a failover the whole table is published again",
                        "Switch GTIDs on, each once the one before holds everywhere: SET PERSIST enforce_gtid_consistency = ON; and gtid_mode = OFF_PERMISSIVE, ON_PERMISSIVE, ON");
        };
    }

    private Outcome serverId() {
        String own = variable("server_id");
        List<String> readers = readers();
        List<Outcome> problems = new ArrayList<>();
        if ("0".equals(own)) {
            problems.add(Outcome.failed(
                    "server_id is 0: the server lets nobody read its binlog",
                    "SET PERSIST server_id = 1; unique among all servers and their readers"));
        }
        if (readers.contains(own) || readers.stream().distinct().count() < readers.size()) {
            problems.add(
                    Outcome.warning(
                            "server ids clash: the server's is %s, its readers' are %s"
                                    .formatted(own, String.join(", ", readers)),
                            "Give each reader an id of its own (SHOW REPLICAS; names them); this relay draws a new one for each run"));
        }
        return Outcome.of(
                problems,
                "%s, %s; this relay draws one for each run"
                        .formatted(
                                own,
                                readers.isEmpty()
                                        ? "no reader has registered"
                                        : "registered readers have " + String.join(", ", readers)));
    }

    private List<String> readers() {
        try {
            return readers("SHOW REPLICAS");
        } catch (BadSqlGrammarException e) {
            return readers("SHOW SLAVE HOSTS"); // before 8.0.22
        }
    }

    private List<String> readers(String statement) {
        return patient.jdbc()
                .sql(statement)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private Outcome readable() throws IOException {
        Map<String, Long> files = server.binlogFiles();
        Position end = server.currentPosition();
        String first = files.keySet().iterator().next();
        AtomicReference<Instant> begun = new AtomicReference<>();
        BinlogReader reader = new BinlogReader(
                patient.settings().mysql(),
                new OutboxRows(patient.jdbc(), List.of(), patient.config().rowMapper()));
        try {
            reader.readFile(first, end, entry -> {
                if (entry instanceof BinlogEntry.Begin begin) {
                    begun.set(begin.committedAt());
                }
                return begun.get() == null;
            });
        } catch (IOException e) {
            return Outcome.failed(
                    String.valueOf(e.getMessage()),
                    "Grant what 'mysql grants' says is missing; the binlog is read from host and port of spring.datasource.url, with its user and TLS settings");
        }
        oldest = begun.get();
        return Outcome.ok(
                "the oldest file, %s, could be read%s".formatted(first, oldest == null ? ", nothing is in it" : ""));
    }

    private Outcome retention() {
        Duration kept = server.binlogRetention();
        Map<String, Long> files = server.binlogFiles();
        Duration reach = oldest == null ? null : Duration.between(oldest, patient.now());
        String evidence = evidence(kept, files, reach);
        if (kept == null) {
            return Outcome.ok(evidence);
        }
        List<Outcome> problems = new ArrayList<>();
        if (kept.compareTo(SHORT) < 0) {
            problems.add(Outcome.warning(
                    evidence + ": a relay that is away for longer loses its position",
                    "SET PERSIST binlog_expire_logs_seconds = 2592000;"));
        }
        if (reach != null && isPurgedByOthers(files, reach, kept)) {
            problems.add(
                    Outcome.warning(
                            evidence + ": something else deletes its files before that",
                            "Find who runs PURGE BINARY LOGS, a script or the hoster (at Amazon RDS: CALL mysql.rds_set_configuration('binlog retention hours', 168);)"));
        }
        return Outcome.of(problems, evidence);
    }

    private boolean isPurgedByOthers(Map<String, Long> files, Duration reach, Duration kept) {
        Duration up = Duration.ofSeconds(patient.jdbc()
                .sql("SHOW GLOBAL STATUS LIKE 'Uptime'")
                .query((row, number) -> row.getLong(2))
                .single());
        Duration expected = up.compareTo(kept) < 0 ? up : kept;
        return !files.keySet().iterator().next().endsWith(".000001")
                && reach.compareTo(expected.dividedBy(MUCH_LESS)) < 0;
    }

    /** The rate is that of all that the server still has. */
    private static String evidence(@Nullable Duration kept, Map<String, Long> files, @Nullable Duration reach) {
        long bytes = files.values().stream().mapToLong(Long::longValue).sum();
        String measured = reach == null
                ? "%s are there".formatted(Words.bytes(bytes))
                : "%s were written in the %s that it reaches back".formatted(Words.bytes(bytes), Words.of(reach));
        if (kept == null) {
            return "no file is ever deleted; " + measured;
        }
        String disk = reach == null || reach.toSeconds() < 60
                ? ""
                : ", which makes %s in all that time"
                        .formatted(Words.bytes(bytes / reach.toSeconds() * kept.toSeconds()));
        return "files are kept for %s; %s%s".formatted(Words.of(kept), measured, disk);
    }
}
