package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonTest {

    @Test
    void a_text_becomes_one_json_string() {
        assertThat(Json.string("王 😀")).isEqualTo("\"王 😀\"");
        assertThat(Json.string("a\"b\\c\nd\te\r")).isEqualTo("\"a\\\"b\\\\c\\nd\\te\\r\"");
    }

    @ParameterizedTest
    @CsvSource({"0,\\u0000", "27,\\u001b", "55357,\\ud83d"})
    void what_json_cannot_carry_as_it_is_becomes_an_escape(int character, String escape) {
        assertThat(Json.string(String.valueOf((char) character))).isEqualTo("\"" + escape + "\"");
    }
}
