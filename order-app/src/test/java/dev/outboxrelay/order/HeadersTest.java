package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "abc, abc",
                "`\"abc\"`, abc",
                "`\"a \\\"b\\\\\"`, `a \"b\\`",
                "8e03978e-40d5, 8e03978e-40d5",
                "` a `, a"
            })
    void a_key_is_a_structured_string_or_a_bare_word(String header, String key) {
        assertThat(IdempotencyKeyHeader.parse(header)).contains(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "\"\"", "\"a", "a,b", "a b", "\"a\"b", "é", "\"\\a\"", "\"a\";p=1", "\u0000"})
    void and_nothing_else(String header) {
        assertThat(IdempotencyKeyHeader.parse(header)).isEmpty();
    }

    @Test
    void if_match_is_a_star_or_a_list_of_tags() {
        assertThat(IfMatch.parse("*")).contains(IfMatch.ANY);
        assertThat(IfMatch.parse("\"1\"")).contains(new IfMatch(Set.of("\"1\"")));
        assertThat(IfMatch.parse("\"1\" , W/\"2\",\"x\"")).contains(new IfMatch(Set.of("\"1\"", "W/\"2\"", "\"x\"")));
        assertThat(IfMatch.parse("")).isEmpty();
        assertThat(IfMatch.parse("1")).isEmpty();
        assertThat(IfMatch.parse(",")).isEmpty();
        assertThat(IfMatch.parse("\"1\" \"2\"")).isEmpty();
        assertThat(IfMatch.parse("w/\"1\"")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\",\"2\"", "\"1\",,\"2\"", ",\"1\", ,\"2\"", "\"1\",\"2\" ,", "\"1\"\t,\t\"2\","})
    void empty_elements_of_a_list_count_for_nothing(String header) {
        assertThat(IfMatch.parse(header)).contains(new IfMatch(Set.of("\"1\"", "\"2\"")));
    }

    @Test
    void a_header_as_long_as_the_server_takes_is_judged_like_any_other() {
        int longest = 16 * 1024;
        assertThat(IdempotencyKeyHeader.parse("\"" + "a".repeat(longest) + "\""))
                .isEmpty();
        assertThat(IdempotencyKeyHeader.parse("\"" + "\\\"".repeat(255) + "\"")).contains("\"".repeat(255));
        assertThat(IfMatch.parse("\"1\"" + ",\"2\"".repeat(longest / 4)))
                .contains(new IfMatch(Set.of("\"1\"", "\"2\"")));
        assertThat(IfMatch.parse("\"1\"" + ",\"2\"".repeat(longest / 4) + "x")).isEmpty();
    }
}
