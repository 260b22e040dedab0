package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.relay.offsets.Cause;
import dev.outboxrelay.relay.offsets.FencedException;
import dev.outboxrelay.relay.offsets.OffsetStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.transaction.support.TransactionOperations;

class StandbyIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
    }

    @Test
    void of_two_relays_one_streams_and_the_other_takes_over_when_it_stops() throws Exception {
        Stage.Running first = stage.startRelay();
        first.awaitState(RelayState.STREAMING);
        Stage.Running second = stage.startRelay();
        second.awaitState(RelayState.STANDBY);
        String one = stage.insert("order-1", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(one);

        first.close();
        second.awaitState(RelayState.STREAMING);
        String two = stage.insert("order-1", 2);

        assertThat(Stage.ids(stage.take(1))).containsExactly(two);
        assertThat(second.count("outbox.relay.events.published")).isEqualTo(1);
    }

    @Test
    void a_relay_whose_lease_was_taken_over_stands_by_and_does_not_move_the_offset() throws Exception {
        Stage.Running zombie = stage.startRelay();
        zombie.awaitState(RelayState.STREAMING);
        long epoch = zombie.supervisor().status().epoch();

        stage.sql(
                        "UPDATE `%s`.relay_lease SET owner = 'somebody else', epoch = epoch + 1, expires_at = NOW(6) + INTERVAL 5 SECOND"
                                .formatted(stage.names.relay()))
                .update();
        stage.sql("UPDATE `%s`.relay_offset SET epoch = epoch + 1".formatted(stage.names.relay()))
                .update();
        zombie.awaitState(RelayState.STANDBY);
        String id = stage.insert("order-1", 1);
        zombie.awaitState(RelayState.STREAMING);

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        assertThat(zombie.supervisor().status().epoch()).isGreaterThan(epoch + 1);
    }

    @Test
    void a_fenced_relay_takes_a_newer_epoch_than_the_one_that_fenced_it_and_loses_nothing() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.sql("UPDATE `%s`.relay_offset SET epoch = 1000".formatted(stage.names.relay()))
                .update();
        String id = stage.insert("order-1", 1);

        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> relay.supervisor().status().epoch() > 1000);

        assertThat(stage.takeDistinct(1)).containsExactly(id);
    }

    @Test
    void a_write_of_an_older_epoch_is_refused_and_changes_nothing() {
        OffsetStore store = store("orders");
        assertThatCode(() -> store.record(Cause.START, new Position(Map.of("pos", 7)), "server", 5, 0))
                .doesNotThrowAnyException();

        assertThatThrownBy(() -> store.advance(new Position(Map.of("pos", 9)), "server", 4, 1))
                .isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> store.record(Cause.STOP, new Position(Map.of("pos", 9)), "server", 4, 1))
                .isInstanceOf(FencedException.class);

        assertThat(store.read()).hasValueSatisfying(stored -> {
            assertThat(stored.position().pos()).isEqualTo(7);
            assertThat(stored.epoch()).isEqualTo(5);
            assertThat(stored.events()).isZero();
        });
    }

    @Test
    void relays_of_two_names_share_the_tables_and_leave_each_others_offset_alone() throws Exception {
        OffsetStore orders = store("orders");
        OffsetStore carts = store("carts");
        orders.record(Cause.START, new Position(Map.of("pos", 7)), "server", 5, 0);
        carts.record(Cause.START, new Position(Map.of("pos", 8)), "server", 1, 0);
        carts.advance(new Position(Map.of("pos", 9)), "server", 1, 1);

        assertThat(orders.read())
                .hasValueSatisfying(
                        stored -> assertThat(stored.position().pos()).isEqualTo(7));
        assertThat(carts.read())
                .hasValueSatisfying(
                        stored -> assertThat(stored.position().pos()).isEqualTo(9));
    }

    private OffsetStore store(String relay) {
        return new OffsetStore(stage.jdbc, TransactionOperations.withoutTransaction(), stage.names.relay(), relay);
    }

    @Test
    void two_relays_that_hand_over_under_load_keep_the_order_lose_nothing_and_publish_nothing_twice() throws Exception {
        List<Stage.Running> relays = new ArrayList<>(List.of(stage.startRelay()));
        relays.get(0).awaitState(RelayState.STREAMING);
        relays.add(stage.startRelay());
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
            expected.add(stage.insert("order-1", n));
            if (n % 100 == 99) {
                relays.remove(0).close();
                relays.add(stage.startRelay());
            }
        }

        assertThat(Stage.ids(stage.take(400))).isEqualTo(expected);
        stage.stopRelays();
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
    }
}
