package dev.outboxrelay.mail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.mail.MailWorker;
import dev.outboxrelay.mail.settings.InvalidSettingsException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
                "--spring.mail.PASSWORD=s3cret",
                "--spring.mail.pass-word=s3cret",
                "--spring.mail.password=${NONE:s3cret}",
                "--spring.ssl.bundle.pem.mq.keystore.privateKey=s3cret",
                "--spring.datasource.url=jdbc:mysql://db/mail?user=a&PASSWORD=s3cret",
                "--spring.datasource.url=jdbc:mysql://(host=db, user=a, password=s3cret)/mail",
                "--spring.datasource.url=jdbc:mysql://db/mail?trustCertificateKeyStorePassword=s3cret",
                "--spring.datasource.url=jdbc:mysql://db/mail?password2=s3cret",
                "--spring.rabbitmq.addresses=amqp://${MQ_USER}:s3cret@mq/orders",
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--spring.rabbitmq.addresses=amqps://mq-1:5671/orders,mq-2:5671",
                "--spring.rabbitmq.addresses=amqps://shop:${MQ_PASSWORD}@mq/orders",
                "--spring.datasource.url=jdbc:mysql://db:3306/mail?user=mail_worker",
                "--spring.datasource.url=jdbc:mysql://db/mail?user=a&password=${DB_PASSWORD}",
                "--spring.datasource.url=jdbc:mysql://db/mail?passwordCharacterEncoding=UTF-8",
                "--spring.datasource.url=jdbc:mysql://db/mail?a=b&disconnectOnExpiredPasswords=false",
                "--spring.ssl.bundle.pem.mq.keystore.private-key=file:/etc/tls/mq.key",
                "--spring.ssl.bundle.pem.mq.keystore.private-key=classpath:mq.key",
                "--spring.mail.password=${SMTP_PASSWORD}",
                "--mail-worker.from=Tea: all of it <orders@tea.example>"
            })
    void an_address_without_a_password_or_where_to_find_one_is_no_secret(String argument) {
        assertThat(Arguments.of("status", argument).settings()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"run --datasource.password=s3cret", "status --spring.mail.pasword s3cret", "run password=s3cret"
            })
    void a_command_line_that_is_refused_is_not_repeated_with_its_values(String line) {
        StringWriter told = new StringWriter();

        int code = MailWorker.execute(new PrintWriter(told), new PrintWriter(told), line.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(told.toString()).contains("mail-worker: ").doesNotContain("=s3cret", " s3cret");
    }
}
