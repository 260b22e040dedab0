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
}
