package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A MySQL that lets itself be read and does not take what the relay writes. */
class FaultyDatabaseIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
    }

    @Test
    void an_offset_that_cannot_be_written_ends_the_run_says_why_and_loses_nothing() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.sql("""
                        CREATE TRIGGER `%1$s`.refuse BEFORE UPDATE ON `%1$s`.relay_offset FOR EACH ROW
                        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no room for an offset'""".formatted(stage.names.relay())).update();
        String first = stage.insert("order-1", 1);

        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.supervisor().status().why()).contains("no room for an offset");
        stage.sql("DROP TRIGGER `%s`.refuse".formatted(stage.names.relay())).update();
        relay.awaitState(RelayState.STREAMING);
        String second = stage.insert("order-1", 2);

        assertThat(stage.takeDistinct(2)).containsExactly(first, second);
    }

    @Test
    void nothing_is_published_before_a_first_offset_is_stored() throws Exception {
        String id = stage.insert("order-1", 1);
        stage.sql("""
                        CREATE TRIGGER `%1$s`.refuse BEFORE INSERT ON `%1$s`.relay_offset FOR EACH ROW
                        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no room for an offset'""".formatted(stage.names.relay())).update();
        Stage.Running relay = stage.startRelay();

        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.count("outbox.relay.events.published")).isZero();
        stage.sql("DROP TRIGGER `%s`.refuse".formatted(stage.names.relay())).update();

        assertThat(stage.takeDistinct(1)).containsExactly(id);
    }

    @Test
    void a_server_that_has_become_read_only_is_waited_for() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.sql("SET GLOBAL super_read_only = ON").update();
        try {
            relay.awaitState(RelayState.BACKOFF);
            assertThat(relay.supervisor().status().why())
                    .startsWith("MySQL refused or did not answer: ")
                    .contains("read-only");
        } finally {
            stage.sql("SET GLOBAL super_read_only = OFF, read_only = OFF").update();
        }
        relay.awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);

        assertThat(stage.takeDistinct(1)).containsExactly(id);
    }

    /** As a full disk does: the server lets writers wait until there is room. */
    @Test
    void a_server_whose_writes_hang_is_waited_for() throws Exception {
        stage.giveUpOnTheDatabaseSoon();
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        try (Connection connection = stages.mysql().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("FLUSH TABLES WITH READ LOCK");
            relay.awaitState(RelayState.BACKOFF);
        }
        relay.awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);

        assertThat(stage.takeDistinct(1)).containsExactly(id);
    }

    @Test
    void a_relay_that_cannot_renew_its_lease_publishes_nothing_once_its_time_is_over() throws Exception {
        stage.properties.put("relay.lease.ttl", "1s");
        stage.giveUpOnTheDatabaseSoon();
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        String id;
        try (Connection connection = stages.mysql().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM `%s`.relay_lease WHERE expires_at > NOW(6) FOR UPDATE"
                    .formatted(stage.names.relay()));
            while (statement
                            .executeQuery("SELECT 1 FROM `%s`.relay_lease WHERE expires_at < NOW(6) - INTERVAL 1 SECOND"
                                    .formatted(stage.names.relay()))
                            .next()
                    == false) {
                Thread.onSpinWait();
            }
            id = stage.insert("order-1", 1);
            relay.awaitState(RelayState.BACKOFF);
            assertThat(relay.count("outbox.relay.events.published")).isZero();
            connection.rollback();
        }

        assertThat(stage.takeDistinct(1)).containsExactly(id);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> relay.count("outbox.relay.events.published") == 1);
    }

    @Test
    void a_relay_whose_lease_table_is_gone_publishes_nothing_until_it_is_back() throws Exception {
        stage.properties.put("relay.lease.ttl", "1s");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.sql("RENAME TABLE `%1$s`.relay_lease TO `%1$s`.lease_away".formatted(stage.names.relay()))
                .update();
        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.supervisor().status().why()).contains("relay_lease");
        String id = stage.insert("order-1", 1);

        stage.sql("RENAME TABLE `%1$s`.lease_away TO `%1$s`.relay_lease".formatted(stage.names.relay()))
                .update();

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> relay.count("outbox.relay.events.published") == 1);
    }

    @Test
    void a_wrong_database_password_is_said_without_the_password_and_waited_for() throws Exception {
        stage.properties.put("spring.datasource.password", "wrong-pw");
        stage.giveUpOnTheDatabaseSoon();
        Stage.Running relay = stage.startRelay();

        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.supervisor().status().why())
                .contains("Access denied for user '" + stage.names.outboxRelay())
                .doesNotContain("wrong-pw");
        String id = stage.insert("order-1", 1);

        stage.sql("ALTER USER `%s` IDENTIFIED BY 'wrong-pw'".formatted(stage.names.outboxRelay()))
                .update();

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
    }
}
