package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.a.NativeConstants.IntegerDataType;
import com.mysql.cj.protocol.a.NativePacketPayload;
import dev.outboxrelay.local.Ports;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** {@code doctor} with a relay's set-up that is healthy, then with MySQL broken, and then with everything at once. */
@ExtendWith(CommandExtension.class)
class DoctorIT {

    private final Stage stage;
    private final Cli cli;
    private final DoctorSetUp doctor;

    DoctorIT(Stage stage, Cli cli) throws Exception {
        this.stage = stage;
        this.cli = cli;
        doctor = new DoctorSetUp(stage, cli);
    }

    @Test
    void a_healthy_set_up_is_all_ok() throws Exception {
        Cli.Result shown = cli.run("doctor");
        assertThat(shown.out()).doesNotContain("warning", "failed", "skipped", "→", "relay-pw");
        assertThat(shown.err()).contains("0 warnings, 0 failed, 0 skipped.");
        assertThat(shown.code()).isZero();

        JsonNode json = cli.run("doctor", "-o", "json").json();
        assertThat(json.path("result").asString()).isEqualTo("ok");
        assertThat(json.path("checks").valueStream()).hasSizeGreaterThan(30).allSatisfy(check -> {
            assertThat(check.path("result").asString()).isEqualTo("ok");
            assertThat(check.path("evidence").asString()).isNotBlank();
            assertThat(check.path("fix").isNull()).isTrue();
        });
        Transcript.of(OperationsIT.RUNBOOKS, "# Operations").first(1).play(cli, Map.of());
        // It has published in order to look, and no consumer has got anything.
        assertThat(stage.channel.messageCount("mail.orders")).isZero();
        assertThat(cli.run("doctor", "--jsn")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.out()).isEmpty();
        });
    }

    @Test
    void what_is_wrong_with_the_way_to_mysql_is_named_with_its_fix() {
        String url = String.valueOf(stage.properties.get("spring.datasource.url"));
        stage.databaseAt(Ports.free());
        JsonNode down = doctor.broken("mysql reachable", "failed", "127.0.0.1:", "Start MySQL there");
        assertThat(DoctorSetUp.check(down, "binlog gtid_mode").path("evidence").asString())
                .isEqualTo("not looked at, because 'mysql reachable' has failed");
        assertThat(DoctorSetUp.check(down, "rabbitmq confirm").path("result").asString())
                .isEqualTo("ok");
        database(url + "?sslMode=VERIFY_IDENTITY");
        doctor.broken("mysql reachable", "failed", "CertPathValidatorException", "trustCertificateKeyStoreUrl");
        database(url.replaceFirst("[^/]*$", "nowhere"));
        doctor.broken("mysql reachable", "failed", "nowhere", "flyway.jar");
        database(url + "?sessionVariables=timestamp=1800000000");
        doctor.broken("mysql clock", "warning", "ahead of this machine's", "NTP");
        database(url);
        Object password = stage.properties.put("spring.datasource.password", "wrong");
        doctor.broken(
                "mysql reachable", "failed", "Access denied", "ALTER USER '%s'".formatted(stage.names.outboxRelay()));
        stage.properties.put("spring.datasource.password", password);
        doctor.softly.assertAll();
    }

    @Test
    void what_is_wrong_with_the_server_is_named_with_its_fix() throws Exception {
        doctor.global(
                "read_only",
                "ON",
                "OFF",
                () -> doctor.broken("mysql writable", "failed", "read_only is ON", "primary"));
        doctor.global(
                "sync_binlog",
                "0",
                "1",
                () -> doctor.broken("mysql durable", "warning", "sync_binlog is 0", "sync_binlog = 1"));
        doctor.global(
                "server_id",
                "0",
                "1",
                () -> doctor.broken("binlog server_id", "failed", "server_id is 0", "server_id = 1"));
        doctor.global(
                "binlog_format",
                "STATEMENT",
                "ROW",
                () -> doctor.broken("binlog binlog_format", "failed", "is STATEMENT", "binlog_format = 'ROW'"));
        doctor.global(
                "binlog_row_image",
                "MINIMAL",
                "FULL",
                () -> doctor.broken("binlog binlog_row_image", "failed", "is MINIMAL", "binlog_row_image = 'FULL'"));
        doctor.global(
                "gtid_mode",
                "ON_PERMISSIVE",
                "ON",
                () -> doctor.broken("binlog gtid_mode", "warning", "this server only", "gtid_mode = ON"));
        doctor.global(
                "binlog_expire_logs_seconds",
                "3600",
                "2592000",
                () -> doctor.broken("binlog retention", "warning", "kept for 1h 0m", "binlog_expire_logs_seconds"));
        try (Connection replica = registered(1)) {
            doctor.broken("binlog server_id", "warning", "server ids clash: the server's is 1", "SHOW REPLICAS");
            assertThat(replica.isClosed()).isFalse();
        }
        stage.purgeBinlogs();
        stage.insert("order-1", 2);
        doctor.broken("binlog retention", "warning", "something else deletes", "PURGE BINARY LOGS");
        doctor.softly.assertAll();
    }

    @Test
    void what_is_wrong_with_the_grants_is_named_with_its_fix() {
        String user = "'%s'@'%%'".formatted(stage.names.outboxRelay());
        String outbox = "`%s`.`outbox`".formatted(stage.names.orders());
        stage.sql("GRANT INSERT, UPDATE ON %s TO %s".formatted(outbox, user)).update();
        doctor.broken(
                "mysql grants",
                "warning",
                "more than it needs: INSERT on " + outbox,
                "REVOKE INSERT, UPDATE ON %s FROM %s;".formatted(outbox, user));
        stage.sql("REVOKE INSERT, UPDATE, SELECT ON %s FROM %s".formatted(outbox, user))
                .update();
        stage.sql("REVOKE REPLICATION SLAVE ON *.* FROM " + user).update();
        JsonNode both = doctor.broken(
                "mysql grants",
                "failed",
                "REPLICATION SLAVE on *.* is missing; SELECT on " + outbox,
                "GRANT SELECT ON %s TO %s;".formatted(outbox, user));
        doctor.expect(both, "binlog readable", "failed", "REPLICATION SLAVE", "mysql grants");
        doctor.expect(both, "tables outbox", "failed", "lacks the columns", "grant SELECT");
        stage.properties.put("spring.datasource.username", "root");
        stage.properties.put("spring.datasource.password", stage.mysql.rootPassword());
        doctor.broken("mysql grants", "warning", "more", "a user of its own");
        doctor.softly.assertAll();
    }

    @Test
    void what_is_wrong_with_the_tables_is_named_with_its_fix() {
        String orders = stage.names.orders();
        String relay = stage.names.relay();
        doctor.broken(
                "tables outbox",
                "failed",
                "nothing does not exist",
                "relay.tables",
                "--relay.tables=%s.nothing".formatted(orders));
        doctor.broken("tables outbox", "failed", "lacks the columns uuid", "relay.columns", "--relay.columns.id=uuid");
        JsonNode elsewhere =
                doctor.broken("tables relay schema", "failed", "elsewhere", "flyway.jar", "--relay.schema=elsewhere");
        doctor.expect(elsewhere, "position stored", "skipped", "'tables relay schema' has failed", null);
        doctor.expect(elsewhere, "tables outbox", "ok", "outbox", null);
        stage.sql(
                        "CREATE TABLE `%s`.bad (id INT PRIMARY KEY, aggregatetype TEXT, aggregateid TEXT, type TEXT, payload JSON) ENGINE MyISAM"
                                .formatted(orders))
                .update();
        stage.sql("GRANT SELECT, DELETE ON `%s`.bad TO `%s`".formatted(orders, stage.names.outboxRelay()))
                .update();
        JsonNode bad = doctor.broken(
                "tables outbox", "failed", "MyISAM", "ENGINE = InnoDB", "--relay.tables=%s.bad".formatted(orders));
        doctor.expect(bad, "tables outbox", "failed", "payload is JSON", "MEDIUMTEXT");
        doctor.expect(bad, "tables outbox", "failed", "has no column created_at", "relay.janitor.enabled=false");
        stage.sql("DROP INDEX outbox_by_age ON `%s`.outbox".formatted(orders)).update();
        doctor.broken("tables outbox", "warning", "no index on created_at", "CREATE INDEX outbox_by_age");

        stage.sql(
                        "INSERT INTO `%s`.relay_quarantine (name, source_table, event_id, aggregate_type, aggregate_id, reason, detail) VALUES ('orders', 'o', '1', 'Order', '1', 'UNMAPPABLE', '')"
                                .formatted(relay))
                .update();
        doctor.broken("position quarantine", "warning", "1 event in it", "quarantine list");
        storeOffset(
                "JSON_OBJECT('ts_sec', UNIX_TIMESTAMP() - 29 * 86400, 'file', 'binlog.000000', 'pos', 4, 'gtids', @@gtid_executed)");
        doctor.broken("position stored", "warning", "will be deleted in", "binlog_expire_logs_seconds");
        storeOffset("JSON_OBJECT('file', 'binlog.000001', 'pos', 4, 'gtids', CONCAT(UUID(), ':1-5'))");
        doctor.broken("position stored", "failed", "lost: this server has never executed", "The position is lost");
        stage.sql("DROP TABLE `%s`.relay_state".formatted(relay)).update();
        doctor.broken("tables relay schema", "warning", "relay_state' doesn't exist", "flyway.jar");
        stage.sql("ALTER TABLE `%s`.relay_offset_history DROP COLUMN kept_until".formatted(relay))
                .update();
        stage.sql("ALTER TABLE `%s`.relay_quarantine DROP KEY relay_quarantine_event, DROP COLUMN event_hash"
                        .formatted(relay))
                .update();
        JsonNode old = doctor.broken("tables relay schema", "failed", "Unknown column 'kept_until'", "flyway.jar");
        doctor.expect(old, "tables relay schema", "failed", "Unknown column 'event_hash'", "flyway.jar");
        stage.sql("DROP TABLE `%s`.relay_lease".formatted(relay)).update();
        doctor.broken("tables relay schema", "failed", "relay_lease' doesn't exist", "flyway.jar");
        doctor.softly.assertAll();
    }

    @Test
    void a_broker_alarm_is_named_and_so_is_everything_else_at_once() {
        stage.rabbit.control("set_vm_memory_high_watermark", "0.0001");
        try {
            doctor.global("gtid_mode", "ON_PERMISSIVE", "ON", () -> {
                JsonNode all =
                        doctor.broken("rabbitmq alarms", "failed", "low on memory", "set_vm_memory_high_watermark");
                doctor.expect(all, "rabbitmq confirm", "skipped", "blocked", null);
                doctor.expect(all, "binlog gtid_mode", "warning", "ON_PERMISSIVE", "gtid_mode = ON");
            });
        } finally {
            stage.rabbit.control("set_vm_memory_high_watermark", "0.8");
        }
        doctor.softly.assertAll();
    }

    /** A reader of the binlog that gives its server id, as replicas do (COM_REGISTER_SLAVE). */
    private Connection registered(int serverId) throws SQLException {
        Connection connection = stage.mysql.connect();
        NativePacketPayload command = new NativePacketPayload(32);
        command.writeInteger(IntegerDataType.INT1, 0x15);
        command.writeInteger(IntegerDataType.INT4, serverId);
        command.writeInteger(IntegerDataType.INT3, 0); // host, user and password: empty
        command.writeInteger(IntegerDataType.INT2, 3306);
        command.writeInteger(IntegerDataType.INT4, 0);
        command.writeInteger(IntegerDataType.INT4, 0);
        NativeSession session =
                (NativeSession) connection.unwrap(JdbcConnection.class).getSession();
        session.getProtocol().sendCommand(command, false, 0);
        return connection;
    }

    private void database(String url) {
        stage.properties.put("spring.datasource.url", url);
    }

    private void storeOffset(String offset) {
        stage.sql(
                        "REPLACE INTO `%s`.relay_offset (name, `offset`, server_uuid, epoch, events) VALUES ('orders', %s, @@server_uuid, 1, 0)"
                                .formatted(stage.names.relay(), offset))
                .update();
    }
}
