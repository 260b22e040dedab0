package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.a.NativeConstants.IntegerDataType;
import com.mysql.cj.protocol.a.NativePacketPayload;
import dev.outboxrelay.local.Ports;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code doctor} with a relay's set-up that is healthy, then with MySQL broken, and then with everything at once. */
class DoctorIT extends DoctorSetUp {

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
        JsonNode down = broken("mysql reachable", "failed", "127.0.0.1:", "Start MySQL there");
        assertThat(check(down, "binlog gtid_mode").path("evidence").asString())
                .isEqualTo("not looked at, because 'mysql reachable' has failed");
        assertThat(check(down, "rabbitmq confirm").path("result").asString()).isEqualTo("ok");
        database(url + "?sslMode=VERIFY_IDENTITY");
        broken("mysql reachable", "failed", "CertPathValidatorException", "trustCertificateKeyStoreUrl");
        database(url.replaceFirst("[^/]*$", "nowhere"));
        broken("mysql reachable", "failed", "nowhere", "flyway.jar");
        database(url + "?sessionVariables=timestamp=1800000000");
        broken("mysql clock", "warning", "ahead of this machine's", "NTP");
        database(url);
        Object password = stage.properties.put("spring.datasource.password", "wrong");
        broken("mysql reachable", "failed", "Access denied", "ALTER USER '%s'".formatted(stage.names.outboxRelay()));
        stage.properties.put("spring.datasource.password", password);
        softly.assertAll();
    }

    @Test
    void what_is_wrong_with_the_server_is_named_with_its_fix() throws Exception {
        global("read_only", "ON", "OFF", () -> broken("mysql writable", "failed", "read_only is ON", "primary"));
        global(
                "sync_binlog",
                "0",
                "1",
                () -> broken("mysql durable", "warning", "sync_binlog is 0", "sync_binlog = 1"));
        global("server_id", "0", "1", () -> broken("binlog server_id", "failed", "server_id is 0", "server_id = 1"));
        global(
                "binlog_format",
                "STATEMENT",
                "ROW",
                () -> broken("binlog binlog_format", "failed", "is STATEMENT", "binlog_format = 'ROW'"));
        global(
                "binlog_row_image",
                "MINIMAL",
                "FULL",
                () -> broken("binlog binlog_row_image", "failed", "is MINIMAL", "binlog_row_image = 'FULL'"));
        global(
                "gtid_mode",
                "ON_PERMISSIVE",
                "ON",
                () -> broken("binlog gtid_mode", "warning", "this server only", "gtid_mode = ON"));
        global(
                "binlog_expire_logs_seconds",
                "3600",
                "2592000",
                () -> broken("binlog retention", "warning", "kept for 1h 0m", "binlog_expire_logs_seconds"));
        try (Connection replica = registered(1)) {
            broken("binlog server_id", "warning", "server ids clash: the server's is 1", "SHOW REPLICAS");
            assertThat(replica.isClosed()).isFalse();
        }
        stage.purgeBinlogs();
        stage.insert("order-1", 2);
        broken("binlog retention", "warning", "something else deletes", "PURGE BINARY LOGS");
        softly.assertAll();
    }

    @Test
    void what_is_wrong_with_the_grants_is_named_with_its_fix() {
        String user = "'%s'@'%%'".formatted(stage.names.outboxRelay());
        String outbox = "`%s`.`outbox`".formatted(stage.names.orders());
        stage.sql("GRANT INSERT, UPDATE ON %s TO %s".formatted(outbox, user)).update();
        broken(
                "mysql grants",
                "warning",
                "more than it needs: INSERT on " + outbox,
                "REVOKE INSERT, UPDATE ON %s FROM %s;".formatted(outbox, user));
        stage.sql("REVOKE INSERT, UPDATE, SELECT ON %s FROM %s".formatted(outbox, user))
                .update();
        stage.sql("REVOKE REPLICATION SLAVE ON *.* FROM " + user).update();
        JsonNode both = broken(
                "mysql grants",
                "failed",
                "REPLICATION SLAVE on *.* is missing; SELECT on " + outbox,
                "GRANT SELECT ON %s TO %s;".formatted(outbox, user));
        expect(both, "binlog readable", "failed", "REPLICATION SLAVE", "mysql grants");
        expect(both, "tables outbox", "failed", "lacks the columns", "grant SELECT");
        stage.properties.put("spring.datasource.username", "root");
        stage.properties.put("spring.datasource.password", stages.mysql().rootPassword());
        broken("mysql grants", "warning", "more", "a user of its own");
        softly.assertAll();
    }

    @Test
    void what_is_wrong_with_the_tables_is_named_with_its_fix() {
        String orders = stage.names.orders();
        String relay = stage.names.relay();
        broken(
                "tables outbox",
                "failed",
                "nothing does not exist",
                "relay.tables",
                "--relay.tables=%s.nothing".formatted(orders));
        broken("tables outbox", "failed", "lacks the columns uuid", "relay.columns", "--relay.columns.id=uuid");
        JsonNode elsewhere =
                broken("tables relay schema", "failed", "elsewhere", "flyway.jar", "--relay.schema=elsewhere");
        expect(elsewhere, "position stored", "skipped", "'tables relay schema' has failed", null);
        expect(elsewhere, "tables outbox", "ok", "outbox", null);
        stage.sql(
                        "CREATE TABLE `%s`.bad (id INT PRIMARY KEY, aggregatetype TEXT, aggregateid TEXT, type TEXT, payload JSON) ENGINE MyISAM"
                                .formatted(orders))
                .update();
        stage.sql("GRANT SELECT, DELETE ON `%s`.bad TO `%s`".formatted(orders, stage.names.outboxRelay()))
                .update();
        JsonNode bad = broken(
                "tables outbox", "failed", "MyISAM", "ENGINE = InnoDB", "--relay.tables=%s.bad".formatted(orders));
        expect(bad, "tables outbox", "failed", "payload is JSON", "MEDIUMTEXT");
        expect(bad, "tables outbox", "failed", "has no column created_at", "relay.janitor.enabled=false");
        stage.sql("DROP INDEX outbox_by_age ON `%s`.outbox".formatted(orders)).update();
        broken("tables outbox", "warning", "no index on created_at", "CREATE INDEX outbox_by_age");

        stage.sql(
                        "INSERT INTO `%s`.relay_quarantine (name, source_table, event_id, aggregate_type, aggregate_id, reason, detail) VALUES ('orders', 'o', '1', 'Order', '1', 'UNMAPPABLE', '')"
                                .formatted(relay))
                .update();
        broken("position quarantine", "warning", "1 event in it", "quarantine list");
        storeOffset(
                "JSON_OBJECT('ts_sec', UNIX_TIMESTAMP() - 29 * 86400, 'file', 'binlog.000000', 'pos', 4, 'gtids', @@gtid_executed)");
        broken("position stored", "warning", "will be deleted in", "binlog_expire_logs_seconds");
        storeOffset("JSON_OBJECT('file', 'binlog.000001', 'pos', 4, 'gtids', CONCAT(UUID(), ':1-5'))");
        broken("position stored", "failed", "lost: this server has never executed", "The position is lost");
        stage.sql("DROP TABLE `%s`.relay_state".formatted(relay)).update();
        broken("tables relay schema", "warning", "relay_state' doesn't exist", "flyway.jar");
        stage.sql("DROP TABLE `%s`.relay_lease".formatted(relay)).update();
        broken("tables relay schema", "failed", "relay_lease' doesn't exist", "flyway.jar");
        softly.assertAll();
    }

    @Test
    void a_broker_alarm_is_named_and_so_is_everything_else_at_once() {
        stages.rabbit().control("set_vm_memory_high_watermark", "0.0001");
        try {
            global("gtid_mode", "ON_PERMISSIVE", "ON", () -> {
                JsonNode all = broken("rabbitmq alarms", "failed", "low on memory", "set_vm_memory_high_watermark");
                expect(all, "rabbitmq confirm", "skipped", "blocked", null);
                expect(all, "binlog gtid_mode", "warning", "ON_PERMISSIVE", "gtid_mode = ON");
            });
        } finally {
            stages.rabbit().control("set_vm_memory_high_watermark", "0.8");
        }
        softly.assertAll();
    }

    /** A reader of the binlog that gives its server id, as replicas do (COM_REGISTER_SLAVE). */
    private Connection registered(int serverId) throws SQLException {
        Connection connection = stages.mysql().connect();
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
