package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.MySqlSettings;
import dev.outboxrelay.relay.RootCause;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The server and the way to it. */
final class MySqlChecks {

    /** As the server writes it: {@code Nov 25 06:30:19 2035 GMT}, the day padded with a space. */
    private static final DateTimeFormatter CERTIFICATE_TIME =
            DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy zzz", Locale.ROOT);

    private final Patient patient;
    private final MySqlSettings mysql;
    private final JdbcClient jdbc;

    MySqlChecks(Patient patient) {
        this.patient = patient;
        mysql = patient.settings().mysql();
        jdbc = patient.jdbc();
    }

    void run(Series series) throws InterruptedException {
        series.require("reachable", this::reachable);
        series.require("version", () -> Versions.mysql(variables().getOrDefault("version", "")));
        series.check("tls", this::tls);
        series.check("clock", this::clock);
        series.check("writable", () -> writable(variables()));
        series.check("durable", () -> durable(variables()));
        series.check("grants", () -> new GrantChecks(patient).look());
    }

    private Outcome reachable() {
        try {
            String user = jdbc.sql("SELECT CURRENT_USER()").query(String.class).single();
            return Outcome.ok("%s lets %s in".formatted(place(), user));
        } catch (DataAccessException e) {
            return Outcome.failed("%s: %s".formatted(place(), RootCause.of(e)), fix(Refusals.kind(e)));
        }
    }

    private String fix(Refusals.Kind refusal) {
        return switch (refusal) {
            case TLS ->
                "Give the authority that signed the server's certificate in spring.datasource.url, and the host name that it is for:"
                        + " ?sslMode=VERIFY_IDENTITY&trustCertificateKeyStoreUrl=file:/…/authority.p12";
            case LOGIN ->
                "Correct spring.datasource.username and .password, or as root: ALTER USER '%s'@'%%' IDENTIFIED BY '…';"
                        .formatted(mysql.username());
            case SCHEMA ->
                "Correct the schema in spring.datasource.url, or make it, with the relay's user: java -jar flyway/target/flyway.jar";
            case UNREACHABLE, PRIVILEGE, OTHER ->
                "Start MySQL there, open the way to its port, or correct host and port in spring.datasource.url";
        };
    }

    private String place() {
        return mysql.host() + ":" + mysql.port();
    }

    private Map<String, String> variables() {
        return variables(
                jdbc, "version", "read_only", "super_read_only", "sync_binlog", "innodb_flush_log_at_trx_commit");
    }

    /** Global variables by name; what the server does not have is not there. */
    static Map<String, String> variables(JdbcClient jdbc, String... names) {
        return named(jdbc, "SHOW GLOBAL VARIABLES WHERE Variable_name IN (:names)", names);
    }

    private static Map<String, String> named(JdbcClient jdbc, String sql, String... names) {
        Map<String, String> values = new HashMap<>();
        jdbc.sql(sql).param("names", List.of(names)).query(row -> {
            values.put(row.getString(1), row.getString(2));
        });
        return values;
    }

    private Outcome tls() {
        Map<String, String> session = named(
                jdbc, "SHOW SESSION STATUS WHERE Variable_name IN (:names)", "Ssl_version", "Ssl_server_not_after");
        String mode = mysql.property("sslMode");
        return Tls.ofMySql(
                mysql.host(),
                session.getOrDefault("Ssl_version", ""),
                mode == null ? "PREFERRED" : mode.toUpperCase(Locale.ROOT),
                notAfter(session.getOrDefault("Ssl_server_not_after", "")));
    }

    private static @Nullable Instant notAfter(String text) {
        return text.isEmpty()
                ? null
                : ZonedDateTime.parse(text.replaceAll(" +", " "), CERTIFICATE_TIME)
                        .toInstant();
    }

    private Outcome clock() {
        Instant before = Instant.now();
        Instant theirs = patient.now();
        return Clocks.compare(theirs, Duration.ZERO, before, Instant.now());
    }

    private static Outcome writable(Map<String, String> variables) {
        return "ON".equals(variables.get("read_only")) || "ON".equals(variables.get("super_read_only"))
                ? Outcome.failed(
                        "read_only is ON: this is a replica, and the relay stores its position where it reads",
                        "Let spring.datasource.url name the primary; or, if this is it: SET GLOBAL read_only = OFF;")
                : Outcome.ok("read_only is OFF");
    }

    private static Outcome durable(Map<String, String> variables) {
        String sync = variables.getOrDefault("sync_binlog", "");
        String flush = variables.getOrDefault("innodb_flush_log_at_trx_commit", "");
        return "1".equals(sync) && "1".equals(flush)
                ? Outcome.ok("sync_binlog and innodb_flush_log_at_trx_commit are 1")
                : Outcome.warning(
                        "sync_binlog is %s, innodb_flush_log_at_trx_commit is %s: a crash of the server's machine can lose what it had committed, with its events, or after they were published"
                                .formatted(sync, flush),
                        "SET PERSIST sync_binlog = 1; SET PERSIST innodb_flush_log_at_trx_commit = 1;");
    }
}
