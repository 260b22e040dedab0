package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.junit.RabbitMqExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
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
    void a_relay_that_is_pointed_from_the_primary_to_a_replica_under_load_goes_on_by_gtid_and_loses_nothing()
            throws Exception {
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
            CompletableFuture<List<String>> load = CompletableFuture.supplyAsync(() -> stage.insert("order-1", 1, 400));
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> first.count("outbox.relay.events.confirmed") > 100);
            first.close();
            List<String> expected = new ArrayList<>(load.join());
            String executed = gtids(primary);
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> holds(replica, executed));
            primary.stop();
            promote(replica);

            stage.databaseAt(replica.port());
            Transcript.of(OperationsIT.RUNBOOKS, "## Failover").play(new Cli(stage, directory), Map.of());
            CompletableFuture<List<UUID>> loadOnReplica =
                    CompletableFuture.supplyAsync(() -> commitEach(replica, ids(200)));
            Stage.Running second = stage.startRelay();

            List<String> arrived = stage.takeDistinct(600);
            loadOnReplica.join().forEach(id -> expected.add(id.toString()));
            assertThat(arrived).containsExactlyInAnyOrderElementsOf(expected);
            second.awaitState(RelayState.STREAMING);
            assertThat(second.count("outbox.relay.positions.lost")).isZero();
            assertThat(second.count("outbox.relay.events.published")).isLessThan(600);
        }
    }

    /**
     * Debezium's counters say how much of the first transaction behind the position is done. On the replica another transaction
     * comes first, and what they would skip there was never published. Until something is confirmed the position has the file
     * of the old primary, which the replica's binlog does not reach: that says nothing of a reset.
     */
    @Test
    void a_replica_that_applied_transactions_in_another_order_loses_none_of_them() throws Exception {
        try (MySqlServer primary = MySqlServer.builder().serverId(1).start(directory.resolve("primary"));
                MySqlServer replica = MySqlServer.builder().serverId(2).start(directory.resolve("replica"));
                Stage stage = new Stage(primary, RABBIT.server(), "", RABBIT.freshVhost())) {
            stage.properties.put("relay.window.messages", 10);
            replicate(primary, replica);
            for (int file = 0; file < 3; file++) {
                execute(primary, "FLUSH BINARY LOGS"); // the replica never has as many
            }
            Stage.Running first = stage.startRelay();
            first.awaitState(RelayState.STREAMING);
            String before = gtids(primary);
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> holds(replica, before));
            execute(replica, "STOP REPLICA");
            List<UUID> bulk = ids(2_000);
            commit(primary, bulk);
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> first.count("outbox.relay.events.confirmed") > 100);
            first.close();
            assertThat(first.count("outbox.relay.events.confirmed")).isLessThan(2_000);
            List<UUID> later = ids(10);
            commit(primary, later);

            String all = gtids(primary);
            commit(replica, later, all.substring(0, all.indexOf(':') + 1) + all.substring(all.lastIndexOf('-') + 1));
            execute(replica, "START REPLICA");
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> holds(replica, all));
            primary.stop();
            promote(replica);
            stage.databaseAt(replica.port());
            List<String> stored = stored(replica);
            Stage.Running second = stage.startRelay();

            assertThat(stage.takeDistinct(2_010))
                    .containsExactlyInAnyOrderElementsOf(Stream.of(bulk, later)
                            .flatMap(List::stream)
                            .map(UUID::toString)
                            .toList());
            assertThat(second.count("outbox.relay.positions.lost")).isZero();
            second.close();

            // Once more with the snapshot still to be published; the first run on the replica ends before a confirm.
            root(replica)
                    .sql(
                            "UPDATE relay.relay_offset SET offset = JSON_SET(?, '$.snapshot_pending', TRUE), server_uuid = ?")
                    .params(stored.get(0), stored.get(2))
                    .update();
            stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
            Stage.Running unconfirmed = stage.startRelay();
            unconfirmed.awaitState(RelayState.BLOCKED);
            unconfirmed.close();
            assertThat(stored(replica).subList(1, 3)).as("file and server").isEqualTo(stored.subList(1, 3));
            stage.bind(Stage.QUEUE, "#");
            Stage.Running third = stage.startRelay();
            third.awaitState(RelayState.STREAMING);
            assertThat(third.count("outbox.relay.positions.lost")).isZero();
        }
    }

    /** The stored offset, its file, and the server it was read from. */
    private static List<String> stored(MySqlServer server) {
        return root(server)
                .sql("SELECT CAST(offset AS CHAR), offset->>'$.file', server_uuid FROM relay.relay_offset")
                .query((row, number) -> List.of(row.getString(1), row.getString(2), row.getString(3)))
                .single();
    }

    private static List<UUID> ids(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    /** Commits rows in a transaction each. */
    private static List<UUID> commitEach(MySqlServer server, List<UUID> ids) {
        for (UUID id : ids) {
            try {
                commit(server, List.of(id));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return ids;
    }

    /** Commits rows as one transaction, under that GTID where one is given. */
    private static void commit(MySqlServer server, List<UUID> ids, String... gtid) throws Exception {
        try (Connection connection = server.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO orders.outbox (id, aggregatetype, aggregateid, type, payload) VALUES (?, 'Order', 'bulk', 'OrderPlaced', '{}')")) {
            if (gtid.length > 0) {
                connection.createStatement().execute("SET GTID_NEXT = '" + gtid[0] + "'");
            }
            connection.setAutoCommit(false);
            for (UUID id : ids) {
                insert.setBytes(1, Stage.bytes(id));
                insert.executeUpdate();
            }
            connection.commit();
            connection.createStatement().execute("SET GTID_NEXT = 'AUTOMATIC'");
        }
    }

    private static void execute(MySqlServer server, String sql) throws Exception {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void replicate(MySqlServer primary, MySqlServer replica) throws Exception {
        try (Connection connection = replica.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(DoctorSetUp.resetBinlog(
                    root(replica).sql("SELECT VERSION()").query(String.class).single()));
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
