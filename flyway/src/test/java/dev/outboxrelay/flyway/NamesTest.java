package dev.outboxrelay.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Test
    void a_prefix_stands_before_every_schema_and_user() {
        assertThat(new Names("t1_").orders()).isEqualTo("t1_orders");
        assertThat(new Names("t1_").outboxRelay()).isEqualTo("t1_outbox_relay");
        assertThat(Names.DEFAULT.mail()).isEqualTo("mail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"T1_", "a`b", "a'b", "a.b", "seventeen_letters"})
    void a_prefix_that_could_break_out_of_a_statement_is_refused(String prefix) {
        assertThatThrownBy(() -> new Names(prefix)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void passwords_are_never_shown_and_never_empty() {
        assertThat(new Passwords("s3cret", "s3cret", "s3cret", "s3cret").toString())
                .doesNotContain("s3cret");
        assertThatThrownBy(() -> new Passwords("a", "", "c", "d")).hasMessageContaining("needs a password");
    }
}
