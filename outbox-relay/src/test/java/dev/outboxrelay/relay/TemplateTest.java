package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

    @Test
    void columns_are_filled_in() {
        Template template = Template.parse("shop.{aggregatetype}.{type}");

        assertThat(template.expand(Map.of("aggregatetype", "Order", "type", "OrderPaid")::get))
                .isEqualTo("shop.Order.OrderPaid");
        assertThat(template.columns()).containsExactlyInAnyOrder("aggregatetype", "type");
    }

    @Test
    void text_without_columns_stands_for_itself() {
        assertThat(Template.parse("outbox.events").expand(column -> null)).isEqualTo("outbox.events");
    }

    @Test
    void a_column_without_a_value_gives_nothing_rather_than_a_hole() {
        assertThat(Template.parse("{tenant}.x").expand(column -> null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "}", "{a", "a}", "{}", "{a b}", "{{a}}"})
    void a_stray_brace_is_refused(String source) {
        assertThatThrownBy(() -> Template.parse(source)).hasMessageContaining(source);
    }
}
