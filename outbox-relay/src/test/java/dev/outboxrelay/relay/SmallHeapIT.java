package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A relay as it is shipped, and more than it has memory for. */
class SmallHeapIT {

    private static final int HEAP_MB = 96;
    private static final int ROW_MB = 2;
    /** More than the heap holds. */
    private static final int ROWS = HEAP_MB / ROW_MB + 8;

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    @Test
    void more_than_its_heap_in_the_table_and_as_much_in_the_binlog_behind_it_pass_through_a_relay() throws Exception {
        Stage stage = stages.stage();
        insert(stage, 0);
        try (RelayProcess relay = RelayProcess.launch(stage, Map.of("JAVA_TOOL_OPTIONS", "-Xmx" + HEAP_MB + "m"))) {
            insert(stage, ROWS);
            long expected = 0;
            while (expected < 2 * ROWS) {
                Map<String, Object> headers = stage.take(1).get(0).getProps().getHeaders();
                long version = Long.parseLong(String.valueOf(headers.get("aggregate-version")));
                assertThat(version).isLessThanOrEqualTo(expected); // what came while the table was read comes twice
                expected = Math.max(expected, version + 1);
            }
            assertThat(relay.process().isRunning()).as(relay.process().output()).isTrue();
        }
    }

    private static void insert(Stage stage, int from) {
        for (int n = from; n < from + ROWS; n++) {
            stage.sql(
                            "INSERT INTO `%s`.outbox VALUES (UUID_TO_BIN(UUID()), 'Order', 'large', 'OrderPlaced', JSON_QUOTE(REPEAT('x', ?)), NULL, ?, DEFAULT)"
                                    .formatted(stage.names.orders()))
                    .params(ROW_MB << 20, n)
                    .update();
        }
    }
}
