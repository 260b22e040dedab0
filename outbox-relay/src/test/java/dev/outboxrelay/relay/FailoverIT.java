package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.junit.RabbitMqExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class FailoverIT {

    @RegisterExtension
    static final RabbitMqExtension RABBIT = new RabbitMqExtension();

    @TempDir
    Path directory;

    @Test
    void a_relay_that_is_pointed_from_the_primary_to_a_replica_goes_on_by_gtid_and_loses_nothing() throws Exception {
        try (MySqlServer primary = MySqlServer.builder().serverId(1).start(directory.resolve("primary"));
                MySqlServer replica = MySqlServer.builder()
                        .serverId(2)
                        // In another order than the primary committed them, as a replica may.
                        .options("--replica-parallel-workers=4", "--replica-preserve-commit-order=OFF")
                        .start(directory.resolve("replica"));
                Stage stage = new Stage(primary, RABBIT.server(), "", RABBIT.freshVhost())) {
            replicate(primary, replica);
            Stage.Running first = stage.startRelay();
            first.awaitState(RelayState.STREAMING);
            List<String> expected = new ArrayList<>();
            for (int n = 0; n < 300; n++) {
                expected.add(stage.insert("order-" + n % 7, n));
            }
            first.close();
            for (int n = 300; n < 400; n++) {
                expected.add(stage.insert("order-" + n % 7, n));
            }
            String executed = gtids(primary);
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> holds(replica, executed));
            primary.stop();
            promote(replica);

            stage.databaseAt(replica.port());
            Stage.Running second = stage.startRelay();

            assertThat(stage.takeDistinct(400)).containsExactlyInAnyOrderElementsOf(expected);
            second.awaitState(RelayState.STREAMING);
            assertThat(second.count("outbox.relay.positions.lost")).isZero();
            assertThat(second.count("outbox.relay.events.published")).isLessThan(400);
        }
    }

    private static void replicate(MySqlServer primary, MySqlServer replica) throws Exception {
        try (Connection connection = replica.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("RESET MASTER");
            statement.execute("""
                    CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=%d, SOURCE_USER='root',
                      SOURCE_PASSWORD='%s', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1""".formatted(primary.port(), primary.rootPassword()));
            statement.execute("START REPLICA");
        }
    }

    private static void promote(MySqlServer replica) throws Exception {
        try (Connection connection = replica.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("STOP REPLICA");
            statement.execute("RESET REPLICA ALL");
        }
    }

    private static String gtids(MySqlServer server) {
        return root(server)
                .sql("SELECT @@global.gtid_executed")
                .query(String.class)
                .single();
    }

    private static boolean holds(MySqlServer server, String gtids) {
        return root(server)
                .sql("SELECT GTID_SUBSET(?, @@global.gtid_executed)")
                .param(gtids)
                .query(Boolean.class)
                .single();
    }

    private static JdbcClient root(MySqlServer server) {
        return JdbcClient.create(new DriverManagerDataSource(server.jdbcUrl(""), "root", server.rootPassword()));
    }
}
