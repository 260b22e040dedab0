package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A row image says nothing of its columns' names and types: what is made of it goes by the table. */
class RowImagesIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;
    private String schema;

    @BeforeEach
    void set() {
        stage = stages.stage();
        schema = stage.names.orders();
    }

    @Test
    void a_row_that_is_not_logged_in_full_is_not_taken_for_one_from_before_a_column_was_appended() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        try (Connection session = stages.mysql().connect();
                Statement statement = session.createStatement()) {
            statement.execute("SET SESSION binlog_row_image = MINIMAL");
            statement.execute("""
                    INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload, aggregate_version)
                    VALUES (UUID_TO_BIN(UUID()), 'Order', 'order-1', 'OrderPlaced', '{}', 1)""".formatted(schema));
        }
        relay.awaitState(RelayState.BACKOFF);

        assertThat(relay.supervisor().status().why()).contains("binlog_row_image");
        assertThat(stage.channel.basicGet(Stage.QUEUE, true)).isNull();
    }

    @Test
    void a_table_that_is_created_while_the_relay_runs_is_published_if_its_name_matches() throws Exception {
        stage.properties.put("relay.tables", schema + "\\.outbox.*");
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.sql("GRANT SELECT ON `%s`.* TO `%s`".formatted(schema, stage.names.outboxRelay()))
                .update();
        stage.sql("CREATE TABLE `%1$s`.outbox_of_carts LIKE `%1$s`.outbox".formatted(schema))
                .update();
        stage.sql("""
                        INSERT INTO `%s`.outbox_of_carts (id, aggregatetype, aggregateid, type, payload)
                        VALUES (UUID_TO_BIN(UUID()), 'Order', 'cart-1', 'OrderPlaced', '{}')""".formatted(schema)).update();

        assertThat(stage.take(1).get(0).getProps().getHeaders().get("aggregate-id"))
                .hasToString("cart-1");
    }

    @Test
    void texts_of_any_character_set_arrive_as_they_were_written() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.sql("""
                        ALTER TABLE `%s`.outbox ADD COLUMN note VARCHAR(20) CHARACTER SET ujis NULL,
                          MODIFY aggregateid VARCHAR(100) CHARACTER SET gb18030 NOT NULL""".formatted(schema)).update();
        stage.insert("订单-一", 1, "OrderPlaced", "{\"name\":\"王小明\"}");

        var message = stage.take(1).get(0);
        assertThat(message.getProps().getHeaders().get("aggregate-id")).hasToString("订单-一");
        assertThat(new String(message.getBody(), StandardCharsets.UTF_8)).isEqualTo("{\"name\":\"王小明\"}");
    }
}
