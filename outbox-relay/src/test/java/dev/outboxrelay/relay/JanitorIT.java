package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

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
    void published_rows_past_their_retention_are_deleted_and_younger_ones_stay() throws Exception {
        for (int n = 0; n < 10; n++) {
            stage.insert("old", n);
        }
        age();
        stage.insert("young", 1);
        stage.startRelay();

        stage.take(11);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> rows() == 1);

        assertThat(remaining()).isEqualTo("young");
    }

    @Test
    void an_old_row_that_the_broker_does_not_take_is_not_deleted() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueDeclare("other", true, false, false, null);
        stage.channel.queueBind("other", "outbox.events", "Order.Published");
        String published = stage.insert("a", 1, "Published", "{}");
        stage.take("other", 1);
        String homeless = stage.insert("b", 1);
        relay.awaitState(RelayState.BLOCKED);
        age();

        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "#");

        assertThat(Stage.ids(stage.take(1))).isSubsetOf(published, homeless);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> rows() == 0);
        assertThat(relay.count("outbox.relay.positions.lost")).isZero();
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
