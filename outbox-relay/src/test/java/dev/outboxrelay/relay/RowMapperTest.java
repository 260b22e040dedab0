package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowMapperTest {

    private static final OutboxColumns COLUMNS = new OutboxColumns(
            "id",
            "aggregatetype",
            "aggregateid",
            "type",
            "payload",
            "headers",
            "aggregate_version",
            "created_at",
            List.of("tenant"));

    private final RowMapper mapper =
            new RowMapper(COLUMNS, Template.parse("outbox.events"), Template.parse("{aggregatetype}.{type}"));

    private final Map<String, @Nullable Object> row = new HashMap<>(Map.of(
            "id",
            "17",
            "aggregatetype",
            "Order",
            "aggregateid",
            "o-1",
            "type",
            "OrderPlaced",
            "payload",
            "{\"b\":1,\"a\":2}"));

    @Test
    void sixteen_bytes_are_a_uuid_with_the_zeros_that_the_binlog_drops() throws Exception {
        row.put("id", ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}));

        assertThat(map().id()).isEqualTo("01020304-0506-0708-090a-0b0c0d0e0000");
    }

    @Test
    void a_number_is_its_decimal_text_also_above_the_range_of_long() throws Exception {
        row.put("id", new BigDecimal("18446744073709551615"));

        assertThat(map().id()).isEqualTo("18446744073709551615");
    }

    @Test
    void payload_bytes_are_untouched() throws Exception {
        byte[] bytes = {0, -1, 127, -128, 13, 10};
        row.put("payload", ByteBuffer.wrap(bytes));

        assertThat(map().payload()).isEqualTo(bytes);
    }

    @Test
    void the_rows_own_headers_and_configured_columns_become_headers() throws Exception {
        row.put(
                "headers",
                "{\"traceparent\":\"00-1-2-01\",\"retries\":3,\"urgent\":true,\"nothing\":null,\"nested\":{\"a\":1}}");
        row.put("tenant", "acme");

        assertThat(map().headers())
                .containsOnly(
                        Map.entry("traceparent", "00-1-2-01"),
                        Map.entry("retries", 3L),
                        Map.entry("urgent", true),
                        Map.entry("nested", "{\"a\":1}"),
                        Map.entry("tenant", "acme"));
    }

    @Test
    void no_header_begins_with_x_dash() throws Exception {
        row.put("headers", "{\"x-tenant\":\"acme\",\"X-Other\":\"1\"}");

        assertThat(map().headers()).containsOnlyKeys("tenant", "Other");
    }

    @Test
    void optional_columns_may_be_missing() throws Exception {
        OutboxMessage message = map();

        assertThat(message.aggregateVersion()).isNull();
        assertThat(message.createdAt()).isNull();
        assertThat(message.headers()).isEmpty();
    }

    @Test
    void times_and_versions_are_kept() throws Exception {
        row.put("created_at", Instant.parse("2026-01-01T00:00:00.123456Z"));
        row.put("aggregate_version", 12L);

        assertThat(map().createdAt()).isEqualTo("2026-01-01T00:00:00.123456Z");
        assertThat(map().aggregateVersion()).isEqualTo(12);
    }

    @Test
    void a_null_in_a_required_column_is_named() {
        row.put("aggregateid", null);

        assertThatThrownBy(this::map)
                .isInstanceOf(RowMapper.UnmappableException.class)
                .hasMessageContaining("aggregateid");
    }

    @Test
    void headers_that_are_no_json_object_are_named() {
        row.put("headers", "[1]");

        assertThatThrownBy(this::map).hasMessageContaining("column headers is not a JSON object");
    }

    @Test
    void a_routing_key_too_long_for_amqp_is_named() {
        row.put("aggregatetype", "ü".repeat(130));

        assertThatThrownBy(this::map).hasMessageContaining("routing key is longer than AMQP's 255 bytes");
    }

    @Test
    void what_can_be_said_of_a_poison_row_is_said() {
        row.put("payload", null);

        assertThatThrownBy(this::map).isInstanceOfSatisfying(RowMapper.UnmappableException.class, why -> {
            PoisonRow poison = mapper.poison("orders.outbox", row::get, why);
            assertThat(poison.id()).isEqualTo("17");
            assertThat(poison.aggregateId()).isEqualTo("o-1");
            assertThat(poison.detail()).contains("payload");
        });
    }

    private OutboxMessage map() throws RowMapper.UnmappableException {
        return mapper.map("orders.outbox", row::get);
    }
}
