package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.relay.offsets.Cause;
import dev.outboxrelay.relay.offsets.FencedException;
import dev.outboxrelay.relay.offsets.OffsetStore;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** {@code offsets history}: every position that was stored, and nothing that was not; and what stays of it. */
@ExtendWith(CommandExtension.class)
class OffsetHistoryIT {

    private final Stage stage;
    private final Cli cli;

    OffsetHistoryIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void every_position_that_a_relay_stores_is_in_the_history_with_its_time_epoch_and_cause() throws Exception {
        stage.properties.put("relay.offset.interval", "50ms");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        Set<String> seen = new LinkedHashSet<>();
        for (int n = 1; n <= 300; n++) {
            stage.insert("order-1", n);
            seen.add(standing());
        }
        stage.take(300);
        relay.close();
        seen.add(standing());

        List<JsonNode> history = history("--limit=100000");
        assertThat(seen).hasSizeGreaterThan(3);
        assertThat(history.stream().map(OffsetHistoryIT::place))
                .containsAll(seen)
                .doesNotHaveDuplicates();
        assertThat(history.stream().map(OffsetHistoryIT::cause))
                .endsWith("start")
                .contains("progress")
                .allMatch(Set.of("start", "progress", "stop")::contains);
        assertThat(history)
                .allSatisfy(line -> assertThat(line.path("epoch").asLong()).isEqualTo(1));
        assertThat(history("--no-progress"))
                .isEqualTo(history.stream()
                        .filter(line -> !cause(line).equals("progress"))
                        .toList());
    }

    @Test
    void what_was_stored_in_passing_leaves_after_an_hour_and_what_a_move_replaced_stays() throws Exception {
        String id = stage.insert("order-1", 1);
        Stage.Running relay = stage.startRelay();
        stage.take(1);
        relay.awaitState(RelayState.STREAMING);
        relay.close();
        OffsetStore store = store();
        StoredOffset stored = store.read().orElseThrow();
        advance(store, stored, 5);
        store.record(Cause.PROGRESS, stored.position(), stored.serverUuid(), stored.epoch(), 1);
        advance(store, stored, 3);
        assertThat(cli.run("offsets", "rewind", "--to-event", id, "--confirm=orders")
                        .code())
                .isZero();
        advance(store, store.read().orElseThrow(), 2);
        List<JsonNode> before = history();

        store.sweepHistory();
        assertThat(history()).as("within the hour").isEqualTo(before);
        stage.sql("UPDATE `%s`.relay_offset_history SET kept_until = kept_until - INTERVAL 1 HOUR"
                        .formatted(stage.names.relay()))
                .update();
        store.sweepHistory();

        List<JsonNode> after = history();
        assertThat(before).containsAll(after);
        assertThat(after.stream()
                        .limit(3)
                        .map(line -> cause(line) + line.path("events").asLong()))
                .containsExactly("rewind10", "progress10", "progress7");
        assertThat(after).hasSizeLessThanOrEqualTo(3 + 3).last().satisfies(first -> assertThat(cause(first))
                .isEqualTo("start"));
    }

    @Test
    void of_the_lines_that_stay_ten_thousand_are_kept() throws Exception {
        OffsetStore store = store();
        store.record(Cause.START, new Position(Map.of("pos", 7)), "server", 1, 0);
        stage.sql("""
                        INSERT INTO `%1$s`.relay_offset_history (name, cause, `offset`, server_uuid, epoch, events)
                        SELECT name, 'PROGRESS', `offset`, server_uuid, epoch, ROW_NUMBER() OVER ()
                        FROM `%1$s`.relay_offset, information_schema.collations a, information_schema.collations b
                        LIMIT 11000""".formatted(stage.names.relay())).update();

        store.sweepHistory();

        List<JsonNode> history = history("--limit=100000");
        assertThat(history).hasSize(10_000);
        assertThat(history.get(0).path("events").asLong()
                        - history.get(9_999).path("events").asLong())
                .isEqualTo(9_999);
    }

    @Test
    void a_position_and_its_line_are_stored_together_or_not_at_all() throws Exception {
        OffsetStore store = store();
        store.record(Cause.START, new Position(Map.of("pos", 7)), "server", 5, 0);

        assertThatThrownBy(() -> store.advance(new Position(Map.of("pos", 8)), "server", 4, 1))
                .isInstanceOf(FencedException.class);
        stage.sql(
                        "CREATE TRIGGER `%1$s`.full BEFORE INSERT ON `%1$s`.relay_offset_history FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'full'"
                                .formatted(stage.names.relay()))
                .update();
        assertThatThrownBy(() -> store.advance(new Position(Map.of("pos", 9)), "server", 5, 1))
                .isInstanceOf(DataAccessException.class);
        stage.sql("DROP TRIGGER `%s`.full".formatted(stage.names.relay())).update();

        assertThat(store.read().orElseThrow().position().pos()).isEqualTo(7);
        assertThat(history().stream()
                        .map(line -> line.path("offset").path("pos").asLong()))
                .containsExactly(7L);
    }

    /** As the relay has it: over its own connections, with its own rights. */
    private OffsetStore store() {
        MySqlSettings mysql = stage.settings().mysql();
        DriverManagerDataSource database =
                new DriverManagerDataSource(mysql.url(), mysql.username(), String.valueOf(mysql.password()));
        return new OffsetStore(
                JdbcClient.create(database),
                new TransactionTemplate(new JdbcTransactionManager(database)),
                stage.names.relay(),
                "orders");
    }

    private static void advance(OffsetStore store, StoredOffset from, int times) throws FencedException {
        for (int n = 0; n < times; n++) {
            store.advance(from.position(), from.serverUuid(), from.epoch(), 1);
        }
    }

    private List<JsonNode> history(String... options) {
        String[] command = Stream.concat(Stream.of("offsets", "history", "-o", "json"), Stream.of(options))
                .toArray(String[]::new);
        return cli.run(command).json().valueStream().toList();
    }

    private String standing() {
        return stage.sql(
                        "SELECT CONCAT(CAST(1000000 * UNIX_TIMESTAMP(updated_at) AS UNSIGNED), ' at ', `offset` ->> '$.pos') FROM `%s`.relay_offset"
                                .formatted(stage.names.relay()))
                .query(String.class)
                .single();
    }

    private static String place(JsonNode line) {
        Instant storedAt = Instant.parse(line.path("storedAt").asString());
        return ChronoUnit.MICROS.between(Instant.EPOCH, storedAt) + " at "
                + line.path("offset").path("pos").asString();
    }

    private static String cause(JsonNode line) {
        return line.path("cause").asString();
    }
}
