package dev.outboxrelay.relay.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutboxRowsDeserializerTest {

    private final OutboxRowsDeserializer rows = new OutboxRowsDeserializer(Map.of());

    @Test
    void rows_of_another_table_are_passed_over_whole() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(new byte[20_000]);
        in.enterBlock(15_000);
        assertThat(rows.deserializeRow(7, new BitSet(), in)).isEmpty();
        assertThat(in.available()).isZero();
        in.skipToTheEndOfTheBlock();
        assertThat(in.available()).isEqualTo(5_000);
    }

    @Test
    void a_connection_that_ends_within_rows_of_another_table_is_an_end_and_not_waited_for_for_ever() {
        ByteArrayInputStream in = new ByteArrayInputStream(new byte[10_000]);
        in.enterBlock(15_000);
        assertThatThrownBy(() -> rows.deserializeRow(7, new BitSet(), in))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("within an event of another table");
    }
}
