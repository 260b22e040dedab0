package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JanitorIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
        stage.properties.put("relay.janitor.retention", "1h");
        stage.properties.put("relay.janitor.pause", "50ms");
        stage.properties.put("relay.janitor.interval", "100ms");
        stage.properties.put("relay.janitor.batch", "3");
    }

    @Test
    void published_rows_past_their_retention_are_deleted_a_batch_at_a_time_and_younger_ones_stay() throws Exception {
        for (int n = 0; n < 10; n++) {
            stage.insert("old", n);
        }
        age();
        stage.insert("young", 1);
        stage.sql("CREATE TABLE `%s`.deletes (statement_began TIMESTAMP(6))".formatted(stage.names.orders()))
                .update();
        stage.sql(
                        "CREATE TRIGGER `%1$s`.count_deletes AFTER DELETE ON `%1$s`.outbox FOR EACH ROW INSERT INTO `%1$s`.deletes VALUES (NOW(6))"
                                .formatted(stage.names.orders()))
                .update();
        stage.startRelay();

        stage.take(11);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> rows() == 1);

        assertThat(remaining()).isEqualTo("young");
        assertThat(stage.sql("SELECT COUNT(*) FROM `%s`.deletes GROUP BY statement_began ORDER BY 1 DESC"
                                .formatted(stage.names.orders()))
                        .query(Integer.class)
                        .list())
                .containsExactly(3, 3, 3, 1);
    }

    /** The young ones come behind the binlog's back, so that a relay has no more to do than to delete. */
    @Test
    void deleting_reads_no_more_than_what_it_deletes_and_is_in_nobodys_way() throws Exception {
        stage.properties.put("relay.janitor.batch", "100");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        insertUnlogged("young", 20_000, 0);
        long before = rowsRead();
        insertUnlogged("old", 600, 2);
        List<String> ids = new ArrayList<>();
        try (Connection writer = stages.mysql().connect();
                Statement statement = writer.createStatement()) {
            statement.execute("SET innodb_lock_wait_timeout = 1");
            while (relay.count("outbox.relay.janitor.deleted") < 600) {
                UUID id = UUID.randomUUID();
                statement.execute(
                        "INSERT INTO `%s`.outbox VALUES (UUID_TO_BIN('%s'), 'Order', 'new', 'OrderPlaced', '{}', NULL, NULL, NOW(6) - INTERVAL 119 MINUTE)"
                                .formatted(stage.names.orders(), id));
                ids.add(id.toString());
            }
        }

        assertThat(rowsRead() - before).isLessThan(20_000);
        assertThat(Stage.ids(stage.take(ids.size()))).isEqualTo(ids);
    }

    private void insertUnlogged(String aggregateId, int rows, int hoursOld) throws SQLException {
        try (Connection connection = stages.mysql().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_log_bin = OFF, cte_max_recursion_depth = " + rows);
            statement.execute("""
                            INSERT INTO `%s`.outbox WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
                            SELECT UUID_TO_BIN(UUID()), 'Order', '%s', 'OrderPlaced', '{}', NULL, n, NOW(6) - INTERVAL %d HOUR FROM n""".formatted(stage.names.orders(), rows, aggregateId, hoursOld));
        }
    }

    private long rowsRead() {
        return stage.sql(
                        "SELECT variable_value FROM performance_schema.global_status WHERE variable_name = 'Innodb_rows_read'")
                .query(Long.class)
                .single();
    }

    /** Each run's janitor looks at once: had it not waited for the confirm, the rows would be gone after the first. */
    @Test
    void old_rows_that_a_stopped_relay_or_a_held_line_has_not_published_are_not_deleted() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.stopRelays();
        List<String> ids = stage.insert("missed", 1, 5);
        age();
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        Stage.Running relay = stage.startRelay();
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> relay.count("outbox.relay.runs") > 3);
        assertThat(rows()).isEqualTo(5);
        assertThat(relay.count("outbox.relay.janitor.deleted")).isZero();

        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "#");

        assertThat(Stage.ids(stage.take(5))).isEqualTo(ids);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> rows() == 0);
    }

    @Test
    void deleting_is_off_where_the_configuration_says_so() throws Exception {
        stage.properties.put("relay.janitor.enabled", "false");
        stage.insert("old", 1);
        age();
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.take(1);
        String id = stage.insert("young", 2);

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        assertThat(rows()).isEqualTo(2);
        assertThat(relay.count("outbox.relay.janitor.deleted")).isZero();
    }

    private void age() {
        stage.sql("UPDATE `%s`.outbox SET created_at = created_at - INTERVAL 2 HOUR".formatted(stage.names.orders()))
                .update();
    }

    private long rows() {
        return stage.sql("SELECT COUNT(*) FROM `%s`.outbox".formatted(stage.names.orders()))
                .query(Long.class)
                .single();
    }

    private String remaining() {
        return stage.sql("SELECT aggregateid FROM `%s`.outbox".formatted(stage.names.orders()))
                .query(String.class)
                .single();
    }
}
