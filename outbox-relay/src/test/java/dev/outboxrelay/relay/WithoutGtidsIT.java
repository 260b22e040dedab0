package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.junit.RabbitMqExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class WithoutGtidsIT {

    @RegisterExtension
    static final RabbitMqExtension RABBIT = new RabbitMqExtension();

    @TempDir
    static Path directory;

    private static MySqlServer mysql;

    @BeforeAll
    static void serve() throws Exception {
        mysql = MySqlServer.builder().options("--gtid-mode=OFF").start(directory);
    }

    @AfterAll
    static void end() {
        mysql.close();
    }

    @Test
    void file_and_position_serve_as_well_on_one_server() throws Exception {
        try (Stage stage = new Stage(mysql, RABBIT.server(), "same_", RABBIT.freshVhost())) {
            List<String> expected = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                expected.add(stage.insert("order-1", n));
            }
            for (int round = 1; round <= 3; round++) {
                Stage.Running relay = stage.startRelay();
                relay.awaitState(RelayState.STREAMING);
                for (int n = 0; n < 20; n++) {
                    expected.add(stage.insert("order-1", round * 100L + n));
                }
                relay.close();
                expected.add(stage.insert("order-1", round * 100L + 99));
                stage.sql("FLUSH BINARY LOGS").update();
            }
            Stage.Running last = stage.startRelay();

            assertThat(Stage.ids(stage.take(expected.size()))).isEqualTo(expected);
            assertThat(last.count("outbox.relay.positions.lost")).isZero();
        }
    }

    @Test
    void a_binlog_that_was_purged_or_reset_is_a_lost_position_and_nothing_is_skipped() throws Exception {
        try (Stage stage = new Stage(mysql, RABBIT.server(), "reset_", RABBIT.freshVhost())) {
            reset(stage);
            List<String> expected = stage.insert("order-1", 1, 20);
            Stage.Running first = stage.startRelay();
            first.awaitState(RelayState.STREAMING);
            assertThat(Stage.ids(stage.take(20))).isEqualTo(expected);
            first.close();

            reset(stage); // the stored position is in the same file, behind its end
            assertThatTheTableIsPublishedAgain(stage, expected);
            stage.purgeBinlogs();
            assertThatTheTableIsPublishedAgain(stage, expected);
            reset(stage); // the stored position is in a file that has still to come
            assertThatTheTableIsPublishedAgain(stage, expected);

            Stage.Running relay = stage.startRelay();
            relay.awaitState(RelayState.STREAMING);
            reset(stage); // under a stream, to which the server shows nothing before the file is as long again
            expected.add(stage.insert("order-1", expected.size() + 1));
            assertThat(Stage.ids(stage.take(expected.size()))).isEqualTo(expected);
            assertThat(relay.count("outbox.relay.positions.lost")).isEqualTo(1);
        }
    }

    private static void assertThatTheTableIsPublishedAgain(Stage stage, List<String> expected) throws Exception {
        expected.add(stage.insert("order-1", expected.size() + 1));
        Stage.Running relay = stage.startRelay();
        assertThat(Stage.ids(stage.take(expected.size()))).isEqualTo(expected);
        relay.awaitState(RelayState.STREAMING);
        assertThat(relay.count("outbox.relay.positions.lost")).isEqualTo(1);
        relay.close();
    }

    private static void reset(Stage stage) {
        DoctorSetUp.restartBinlog(stage);
    }

    @Test
    void gtids_may_be_switched_off_and_on_again_and_nothing_is_lost_or_deleted_too_early() throws Exception {
        try (Stage stage = new Stage(mysql, RABBIT.server(), "switched_", RABBIT.freshVhost())) {
            set("enforce_gtid_consistency = ON", "gtid_mode = OFF_PERMISSIVE", "gtid_mode = ON_PERMISSIVE");
            List<String> expected = new ArrayList<>();
            int taken = 0;
            for (String mode :
                    List.of("ON", "ON_PERMISSIVE", "OFF_PERMISSIVE", "OFF", "OFF_PERMISSIVE", "ON_PERMISSIVE")) {
                stage.sql("SET GLOBAL gtid_mode = " + mode).update();
                Stage.Running relay = stage.startRelay();
                relay.awaitState(RelayState.STREAMING);
                expected.add(stage.insert("order-1", expected.size()));
                assertThat(Stage.ids(stage.take(expected.size() - taken)))
                        .isEqualTo(expected.subList(taken, expected.size()));
                taken = expected.size();
                relay.close();
                // The janitor asks so before it deletes: a row that has been written since must not count as confirmed.
                Server server = new Server(stage.jdbc);
                Position confirmed = server.currentPosition();
                expected.add(stage.insert("order-1", expected.size()));
                assertThat(server.isReached(server.currentPosition(), confirmed))
                        .as(mode)
                        .isFalse();
                assertThat(relay.count("outbox.relay.positions.lost")).isZero();
            }

            stage.sql("SET GLOBAL gtid_mode = ON").update();
            Stage.Running last = stage.startRelay();
            last.awaitState(RelayState.STREAMING);

            assertThat(last.count("outbox.relay.positions.lost")).isEqualTo(1);
            assertThat(Stage.ids(stage.take(expected.size()))).isEqualTo(expected);
            last.close();

            reset(stage);
            // The new transactions have the numbers of those that the stored position holds.
            while (!stage.sql("SELECT GTID_SUBSET(`offset` ->> '$.gtids', @@gtid_executed) FROM `%s`.relay_offset"
                            .formatted(stage.names.relay()))
                    .query(Boolean.class)
                    .single()) {
                expected.add(stage.insert("order-1", expected.size()));
            }
            assertThatTheTableIsPublishedAgain(stage, expected);
        } finally {
            set("gtid_mode = ON_PERMISSIVE", "gtid_mode = OFF_PERMISSIVE", "gtid_mode = OFF");
        }
    }

    private static void set(String... variables) throws Exception {
        try (Connection connection = mysql.connect();
                Statement statement = connection.createStatement()) {
            for (String variable : variables) {
                statement.execute("SET GLOBAL " + variable);
            }
        }
    }
}
