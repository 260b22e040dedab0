package dev.outboxrelay.relay.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {

    @ParameterizedTest
    @CsvSource({
        "#, a.b.c, true",
        "#, '', true",
        "a.*, a.b, true",
        "a.*, a, false",
        "a.*, a.b.c, false",
        "a.#, a, true",
        "a.#, a.b.c, true",
        "a.#.c, a.c, true",
        "a.#.c, a.b.b.c, true",
        "#.b.#, a.b.c, true",
        "#.x.#, a.b.c, false",
        "*.*, a..b, false",
        "a.b, a.b, true",
        "a.b, a.B, false",
    })
    void a_star_is_one_word_and_a_hash_any_number(String pattern, String routingKey, boolean matches) {
        assertThat(Routes.isMatch(pattern.split("\\.", -1), 0, routingKey.split("\\.", -1), 0))
                .isEqualTo(matches);
    }
}
