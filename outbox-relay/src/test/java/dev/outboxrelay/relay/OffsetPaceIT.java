package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When the offset moves and how often it is stored: under load, beside other tables, and where nothing happens. */
class OffsetPaceIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
    }

    @Test
    void under_load_the_offset_is_stored_once_in_each_interval_at_most() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.sql("CREATE TABLE `%s`.offset_writes (at TIMESTAMP(6))".formatted(stage.names.relay()))
                .update();
        stage.sql(
                        "CREATE TRIGGER `%1$s`.count_writes AFTER UPDATE ON `%1$s`.relay_offset FOR EACH ROW INSERT INTO `%1$s`.offset_writes VALUES (NOW(6))"
                                .formatted(stage.names.relay()))
                .update();
        long begun = System.nanoTime();
        List<String> ids = stage.insert("order-1", 1, 600);
        assertThat(Stage.ids(stage.take(600))).isEqualTo(ids);
        long writes = stage.sql("SELECT COUNT(*) FROM `%s`.offset_writes".formatted(stage.names.relay()))
                .query(Long.class)
                .single();

        assertThat(writes)
                .isBetween(
                        1L,
                        1 + (System.nanoTime() - begun) / Duration.ofMillis(250).toNanos());
    }

    @Test
    void the_offset_moves_when_only_other_tables_are_written() throws Exception {
        stage.properties.put("relay.offset.idle-interval", "300ms");
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.sql("CREATE TABLE `%s`.busy (a INT PRIMARY KEY)".formatted(stage.names.mail()))
                .update();
        stage.sql("INSERT INTO `%s`.busy VALUES (1)".formatted(stage.names.mail()))
                .update();
        String written =
                stage.sql("SELECT @@global.gtid_executed").query(String.class).single();

        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.sql("SELECT GTID_SUBSET(?, ?)")
                .params(written, storedGtids())
                .query(Boolean.class)
                .single());
    }

    /** Debezium gives a position the time of the last row that it handed over: with that, lag grows for hours while all is well. */
    @Test
    void the_offset_has_the_time_of_what_was_read_last_and_not_of_the_last_outbox_row() throws Exception {
        stage.properties.put("relay.offset.idle-interval", "300ms");
        stage.startRelay().awaitState(RelayState.STREAMING);
        String before = storedGtids();
        Instant begun = Instant.now().minusSeconds(1);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> !storedGtids().equals(before));

        Awaitility.await().atMost(Stage.PATIENCE).until(() -> storedTime() > begun.getEpochSecond() + 5);
    }

    /** Its own bookkeeping is in the binlog too: stored as it moves, an offset would never come to rest. */
    @Test
    void an_idle_relay_stores_its_offset_rarely_has_next_to_no_lag_and_knows_its_purge_countdown() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        Set<Object> writes = new HashSet<>();

        Awaitility.await()
                .pollInterval(Duration.ofMillis(200))
                .atMost(Stage.PATIENCE)
                .during(Duration.ofSeconds(8))
                .until(() -> {
                    writes.add(stage.sql("SELECT updated_at FROM `%s`.relay_offset".formatted(stage.names.relay()))
                            .query()
                            .singleValue());
                    return writes.size() <= 3;
                });
        assertThat(writes).hasSizeBetween(1, 3);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> gauge(relay, "outbox.relay.lag.transactions") <= 2);
        assertThat(gauge(relay, "outbox.relay.purge.countdown.seconds")).isEqualTo(30 * 86_400.0);
        assertThat(gauge(relay, "outbox.relay.lag.seconds")).isLessThan(60);
        assertThat(gauge(relay, "outbox.relay.lag.bytes")).isLessThan(10_000);
    }

    private long storedTime() {
        return stage.sql("SELECT `offset` -> '$.ts_sec' FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .query(Long.class)
                .single();
    }

    private static double gauge(Stage.Running relay, String name) {
        double value = relay.meters().get(name).gauge().value();
        return Double.isNaN(value) ? Double.MAX_VALUE : value;
    }

    private String storedGtids() {
        return stage.sql("SELECT `offset` ->> '$.gtids' FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .query(String.class)
                .single();
    }
}
