package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.junit.RabbitMqExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class WithoutGtidsIT {

    @RegisterExtension
    static final RabbitMqExtension RABBIT = new RabbitMqExtension();

    @TempDir
    Path directory;

    @Test
    void file_and_position_serve_as_well_on_one_server() throws Exception {
        try (MySqlServer mysql = MySqlServer.builder()
                        .options("--gtid-mode=OFF", "--enforce-gtid-consistency=OFF")
                        .start(directory.resolve("mysql"));
                Stage stage = new Stage(mysql, RABBIT.server(), "", RABBIT.freshVhost())) {
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
    void gtids_may_be_switched_off_and_on_again_and_nothing_is_lost_or_deleted_too_early() throws Exception {
        try (MySqlServer mysql = MySqlServer.start(directory.resolve("mysql"));
                Stage stage = new Stage(mysql, RABBIT.server(), "", RABBIT.freshVhost())) {
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
                Server server = new Server(stage.jdbc());
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
        }
    }
}
