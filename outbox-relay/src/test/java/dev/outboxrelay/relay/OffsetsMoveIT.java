package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.MySqlServer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What moves by hand do to the events. */
@ExtendWith(CommandExtension.class)
class OffsetsMoveIT {

    private Stage stage;
    private Cli cli;

    OffsetsMoveIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
        stage.properties.put("relay.lease.ttl", "1s");
    }

    @Test
    void what_a_move_lists_is_what_it_publishes_again_or_leaves_out() throws Exception {
        assertMoves();
    }

    @Test
    void and_so_without_gtids() throws Exception {
        try (MySqlServer mysql = MySqlServer.builder()
                        .options("--gtid-mode=OFF", "--enforce-gtid-consistency=OFF")
                        .start(cli.directory().resolve("mysql"));
                Stage without = new Stage(mysql, stage.rabbit, "", stage.vhost)) {
            stage = without;
            stage.properties.put("relay.lease.ttl", "1s");
            cli = new Cli(stage, cli.directory());
            assertMoves();
            assertThat(cli.run("offsets", "rewind", "--to-gtid", UUID.randomUUID() + ":1")
                            .err())
                    .contains("this server has GTIDs switched off");
        }
    }

    @Test
    void a_rewind_to_before_the_first_transaction_of_all_publishes_everything_again() throws Exception {
        DoctorSetUp.restartBinlog(stage);
        List<String> ids = stage.insert("order-1", 1, 2);
        publish(2);

        Cli.Result moved = cli.run("offsets", "rewind", "--to-time=1h", "--confirm=orders");

        assertThat(moved.code()).as("%s", moved).isZero();
        assertThat(moved.out()).contains(ids);
        stage.startRelay();
        assertThat(Stage.ids(stage.take(2))).isEqualTo(ids);
    }

    private void assertMoves() throws Exception {
        List<String> first = stage.insert("order-1", 1, 3);
        String time = now();
        List<String> second = stage.insert("order-2", 1, 3);
        second.addAll(stage.insert("order-1", 4, 5));
        publish(8);

        // Back by time: the dry run and a refusal change nothing, the move publishes again what they listed, and no
        // more.
        String before = offset();
        Cli.Result dry = cli.run("offsets", "rewind", "--to-time", time, "--dry-run", "-o", "json");
        assertThat(dry.events()).as("%s", dry).isEqualTo(second);
        assertThat(dry.json().path("byType").get(0).path("count").asInt()).isEqualTo(5);
        assertThat(cli.run("offsets", "rewind", "--to-time", time, "--no-input"))
                .satisfies(unconfirmed -> {
                    assertThat(unconfirmed.code()).isEqualTo(2);
                    assertThat(unconfirmed.out()).contains(second).doesNotContain(first);
                    assertThat(unconfirmed.err()).contains("5 events will be published again", "--confirm=orders");
                });
        assertThat(cli.run("offsets", "rewind", "--to-time", time, "--confirm=other")
                        .code())
                .isEqualTo(2);
        assertThat(offset()).isEqualTo(before);
        assertThat(cli.run("offsets", "rewind", "--to-time", time, "--confirm=orders")
                        .err())
                .contains("Moved: relay 'orders' goes on from");
        second.addAll(stage.insert("order-3", 1, 1));
        assertThat(publish(6)).isEqualTo(second);

        // Forward past one event of a transaction: only that one is lost.
        List<String> pair = insertInOneTransaction("order-4", 2);
        String alone = stage.insert("order-4", 3);
        assertThat(cli.run("offsets", "rewind", "--past-event", pair.get(0), "--confirm=orders"))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(2);
                    assertThat(refused.err()).contains("is ahead of the stored position");
                });
        Cli.Result skip = cli.run("offsets", "skip", "--past-event", pair.get(0), "--confirm=orders", "-o", "json");
        assertThat(skip.code()).isZero();
        assertThat(skip.events()).containsExactly(pair.get(0));
        assertThat(publish(2)).containsExactly(pair.get(1), alone);

        // The same place, named in other ways; and a stored position that knows nothing of this server's files.
        Cli.Result byEvent = cli.run("offsets", "rewind", "--to-event", first.get(1), "--dry-run", "-o", "json");
        assertThat(byEvent.events()).startsWith(first.get(1)).contains(alone).doesNotContain(first.get(0));
        JsonNode to = byEvent.json().path("to");
        String place = to.path("file").asString() + ":" + to.path("pos").asLong();
        assertThat(cli.run("offsets", "rewind", "--to-position", place, "--dry-run", "-o", "json")
                        .events())
                .isEqualTo(byEvent.events());
        assertThat(cli.run(
                        "offsets",
                        "rewind",
                        "--to-position",
                        to.path("file").asString() + ":" + (to.path("pos").asLong() + 1)))
                .satisfies(nowhere -> {
                    assertThat(nowhere.code()).isEqualTo(1);
                    assertThat(nowhere.err()).contains("no transaction begins at", "before it, at " + place);
                });
        if (to.has("gtids")) {
            String gtids = to.path("gtids").asString();
            assertThat(cli.run("offsets", "rewind", "--to-gtid", gtids, "--dry-run", "-o", "json")
                            .events())
                    .isEqualTo(byEvent.events());
            // Stored elsewhere, only its transactions count; the last one was not over, and comes again in any case.
            stage.sql("UPDATE `%s`.relay_offset SET server_uuid = UUID()".formatted(stage.names.relay()))
                    .update();
            assertThat(cli.run("offsets", "rewind", "--to-gtid", gtids, "--dry-run", "-o", "json")
                            .events())
                    .isEqualTo(byEvent.events().stream()
                            .filter(id -> !id.equals(alone))
                            .toList());
            stage.sql("UPDATE `%s`.relay_offset SET server_uuid = @@server_uuid".formatted(stage.names.relay()))
                    .update();
        }

        // Undone, what was skipped is published after all, with what came behind it.
        Cli.Result undo = cli.run("offsets", "undo", "--confirm=orders", "-o", "json");
        assertThat(undo.json().path("direction").asString()).isEqualTo("back");
        assertThat(undo.events()).containsExactly(pair.get(0), pair.get(1), alone);
        assertThat(publish(3)).isEqualTo(undo.events());
        assertThat(cli.run("offsets", "history").out()).contains("undo", "skip", "rewind", "start");
    }

    /** Runs a relay until that many messages have come, and stops it; nothing more may have come. */
    private List<String> publish(int count) throws Exception {
        Stage.Running relay = stage.startRelay();
        List<String> arrived = Stage.ids(stage.take(count));
        relay.awaitState(RelayState.STREAMING);
        relay.close();
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
        return arrived;
    }

    private List<String> insertInOneTransaction(String aggregate, int count) throws Exception {
        List<String> ids = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            String id = UUID.randomUUID().toString();
            ids.add(id);
            rows.add("(UUID_TO_BIN('%s'), 'Order', '%s', 'OrderPlaced', '{}')".formatted(id, aggregate));
        }
        stage.sql("INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload) VALUES %s"
                        .formatted(stage.names.orders(), String.join(", ", rows)))
                .update();
        return ids;
    }

    private String now() {
        return stage.sql("SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')")
                .query(String.class)
                .single();
    }

    private String offset() {
        return stage.sql("SELECT CONCAT(`offset`, epoch) FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .query(String.class)
                .single();
    }
}
