package dev.outboxrelay.mail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.mail.settings.InvalidSettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @Test
    void settings_are_kept_apart_from_options_wherever_they_stand() {
        Arguments arguments = Arguments.of(
                "--mail-worker.retry.delays[0]=1s", "parked", "list", "--spring.mail.host=a=b", "-o", "json");

        assertThat(arguments.settings())
                .isEqualTo(Map.of("mail-worker.retry.delays[0]", "1s", "spring.mail.host", "a=b"));
        assertThat(arguments.options()).containsExactly("parked", "list", "-o", "json");
        assertThat(arguments.isRun()).isFalse();
    }

    @Test
    void the_worker_runs_only_where_nothing_else_was_asked_for() {
        assertThat(Arguments.of().isRun()).isTrue();
        assertThat(Arguments.of("run", "--server.port=0", "--debug=true").isRun())
                .isTrue();
        assertThat(Arguments.of("--logging.level.root=warn").isRun()).isTrue();
        assertThat(Arguments.of("run", "--dry-run=true").isRun()).isFalse();
        assertThat(Arguments.of("--mail-wroker.name=orders").isRun()).isFalse();
        assertThat(Arguments.of("run", "--server.port").isRun()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--spring.mail.password=s3cret",
                "--spring.ssl.bundle.jks.mq.keystore.password=s3cret",
                "--spring.ssl.bundle.pem.mq.keystore.private-key=s3cret",
                "--spring.datasource.url=jdbc:mysql://db/mail?user=a&password=s3cret",
                "--spring.rabbitmq.addresses=amqp://shop:s3cret@mq/orders",
                "--spring.rabbitmq.addresses=one:5672,shop:s3cret@two"
            })
    void a_secret_is_refused_by_the_name_of_its_setting(String argument) {
        assertThatThrownBy(() -> Arguments.of("status", argument))
                .isInstanceOf(InvalidSettingsException.class)
                .message()
                .contains(argument.substring(2, argument.indexOf('=')), "no place for a password")
                .doesNotContain("s3cret");
    }

    @Test
    void an_address_without_a_password_is_no_secret() {
        assertThat(Arguments.of(
                                "--spring.rabbitmq.addresses=amqps://mq-1:5671/orders,mq-2:5671",
                                "--spring.datasource.url=jdbc:mysql://db:3306/mail?user=mail_worker",
                                "--mail-worker.from=Tea: all of it <orders@tea.example>")
                        .settings())
                .hasSize(3);
    }
}
