package dev.outboxrelay.mail.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.mail.RetryPlan;
import dev.outboxrelay.mail.settings.BrokerSettings.Address;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class WorkerSettingsTest {
    private static final Map<String, Object> LEAST = Map.of(
            "spring.datasource.url", "jdbc:mysql://db/mail",
            "spring.datasource.password", "database-secret",
            "spring.rabbitmq.password", "broker-secret",
            "spring.mail.host", "smtp.example.com",
            "spring.mail.username", "shop",
            "spring.mail.password", "mail-secret");

    @Test
    void defaults_are_safe() {
        WorkerSettings settings = read(Map.of());

        assertThat(settings.smtp().port()).isEqualTo(587);
        assertThat(settings.smtp().properties())
                .containsEntry("mail.smtp.auth", "true")
                .containsEntry("mail.smtp.starttls.required", "true")
                .containsEntry("mail.smtp.ssl.checkserveridentity", "true")
                .containsKeys("mail.smtp.connectiontimeout", "mail.smtp.timeout");
        assertThat(settings.smtp().deadline()).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(1));
        assertThat(settings.broker().addresses()).containsExactly(new Address("localhost", 5672));
        assertThat(settings.broker().connectionTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.handling().resends()).isEqualTo(3);
        assertThat(settings.claims().resends()).isEqualTo(3);
        assertThat(read(Map.of("mail-worker.unknown", "park")).handling().resends())
                .isZero();
        assertThat(settings.minConsumers()).isEqualTo(5);
        assertThat(settings.maxConsumers()).isEqualTo(20);
        assertThat(settings.claims().lease()).isGreaterThan(settings.smtp().deadline());
        assertThat(settings.handling().retries().next(1, Duration.ZERO)).contains(Duration.ofSeconds(1));
        assertThat(settings.handling().retries().next(2, Duration.ZERO)).contains(Duration.ofSeconds(1));
        assertThat(settings.queues().delays())
                .containsExactly(
                        Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1));
    }

    @Test
    void all_problems_are_told_at_once_and_no_secret_among_them() {
        assertThatThrownBy(() -> read(Map.of(
                        "spring.mail.host", " ",
                        "spring.rabbitmq.addresses", "amqp://user:top-secret@/",
                        "mail-worker.partitions", "0",
                        "mail-worker.lease", "soon",
                        "mail-worker.smtp.deadline", "2m",
                        "mail-worker.unknown", "forget",
                        "mail-worker.prefetsch", "5",
                        "mail-worker.prefetch", "1000",
                        "mail-worker.smtp.rate", "1",
                        "spring.mail.properties.mail.smtp.timeout", "0")))
                .isInstanceOf(InvalidSettingsException.class)
                .message()
                .contains(
                        "spring.mail.host is not set",
                        "spring.rabbitmq.addresses has an address",
                        "mail-worker.partitions is 0, must be 1 to 256",
                        "mail-worker.lease cannot be read",
                        "mail-worker.lease must be longer than mail-worker.smtp.deadline",
                        "mail-worker.unknown cannot be read",
                        "mail-worker.prefetsch is not a setting of the mail worker",
                        "mail-worker.smtp.rate lets messages wait in hand for 8000s",
                        "mail.smtp.timeout must be a number of milliseconds above 0")
                .doesNotContain("secret");
    }

    @Test
    void an_index_is_no_part_of_a_setting_that_is_no_list() {
        assertThatThrownBy(() -> read(Map.of("mail-worker.partitions[8]", "1")))
                .hasMessageContaining("mail-worker.partitions[8] is not a setting of the mail worker");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail-worker.from=orders@tea.example%sBcc: b@example.com",
                "mail-worker.reply-to=help@tea.example%sBcc: b@example.com",
                "mail-worker.bcc=archive@tea.example%sTo: b@example.com",
                "mail-worker.subject-prefix=[test]%sBcc: b@example.com",
                "mail-worker.message-id-domain=tea.example>%sBcc: b@example.com",
                "mail-worker.idempotency-header=Idempotency-Key:%sBcc"
            })
    void a_line_end_in_what_stands_in_a_mails_header_ends_the_start_and_names_the_setting(String setting) {
        String[] parts = setting.split("=", 2);
        for (String lineEnd : List.of("\r\n", "\n", "\r")) {
            assertThatThrownBy(() -> read(Map.of(parts[0], parts[1].formatted(lineEnd))))
                    .isInstanceOf(InvalidSettingsException.class)
                    .message()
                    .containsPattern(parts[0] + " (must be one line|is not the name of a header)")
                    .doesNotContain("b@example.com");
        }
    }

    @Test
    void a_write_timeout_is_not_needed_but_must_be_one_where_it_is_set() {
        assertThatThrownBy(() -> read(Map.of("spring.mail.properties.mail.smtp.writetimeout", "-1")))
                .hasMessageContaining("mail.smtp.writetimeout must be a number of milliseconds above 0");
    }

    @Test
    void environment_variables_are_found_by_their_usual_names() {
        StandardEnvironment environment = environment(Map.of());
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "systemEnvironment",
                        Map.of(
                                "MAIL_WORKER_RETRY_MAX_AGE", "2h",
                                "MAIL_WORKER_MAX_BODY", "5MB",
                                "MAIL_WORKER_RETRY_DELAYS", "1s,20s",
                                "SPRING_RABBITMQ_VIRTUAL_HOST", "shop")));

        WorkerSettings settings = WorkerSettings.read(environment);

        assertThat(settings.handling().retries().maxAge()).isEqualTo(Duration.ofHours(2));
        assertThat(settings.handling().maxBody()).isEqualTo(5 * 1024 * 1024);
        assertThat(settings.queues().delayed(settings.queues().delays().get(0))).isEqualTo("mail.orders.retry.20s");
        assertThat(settings.broker().virtualHost()).isEqualTo("shop");
    }

    @Test
    void variables_that_look_like_settings_and_are_none_are_named_and_end_no_start() {
        StandardEnvironment environment = environment(Map.of());
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "systemEnvironment",
                        Map.ofEntries(
                                Map.entry("MAIL_WORKER_PREFETSCH", "5"),
                                Map.entry("MAIL_WORKER_PARTITIONS_8", "1"),
                                Map.entry("MAIL_WORKER_RETRY_MAXAGE", "2h"),
                                Map.entry("MAIL_WORKER_SMTP_PORT", "25"),
                                Map.entry("mail_worker_max_bodies", "1MB"),
                                Map.entry("MAIL_WORKER_SERVICE_HOST", "10.0.0.7"),
                                Map.entry("MAIL_WORKER_SERVICE_PORT_HTTP", "9082"),
                                Map.entry("MAIL_WORKER_PORT", "tcp://10.0.0.7:9082"),
                                Map.entry("MAIL_WORKER_PORT_9082_TCP_ADDR", "10.0.0.7"),
                                Map.entry("mail_worker_prefetch", "5"),
                                Map.entry("MAILWORKER_RETRY_MAXAGE", "3h"),
                                Map.entry("MAILWORKER_QUEU", "mail.orders"),
                                Map.entry("MAILWORKER_SERVICE_HOST", "10.0.0.8"),
                                Map.entry("MAIL_WORKER_RETRY_DELAYS_0", "3s"),
                                Map.entry("MAIL_WORKER_RETRY_DELAYS_1", "20s"))));
        SettingsReader reader = new SettingsReader(environment);

        WorkerSettings settings = WorkerSettings.read(reader);

        assertThat(reader.ignoredVariables())
                .containsExactly(
                        "MAILWORKER_QUEU",
                        "MAIL_WORKER_PARTITIONS_8",
                        "MAIL_WORKER_PREFETSCH",
                        "MAIL_WORKER_RETRY_MAXAGE",
                        "MAIL_WORKER_SMTP_PORT",
                        "mail_worker_max_bodies");
        assertThat(settings.queues().prefetch()).isEqualTo(5);
        assertThat(settings.handling().retries())
                .isEqualTo(new RetryPlan(List.of(Duration.ofSeconds(3), Duration.ofSeconds(20)), Duration.ofHours(3)));
    }

    @Test
    void a_command_refuses_any_setting_that_the_worker_does_not_have_and_wants_no_mail_server() {
        Map<String, Object> properties = new HashMap<>(LEAST);
        properties.remove("spring.mail.host");
        properties.put("mail-worker.smtp.rate", "10");
        assertThat(OperatorSettings.read(environmentOf(properties)).queues().prefetch())
                .isEqualTo(10);

        properties.put("mail-worker.queu", "mail.elsewhere");
        assertThatThrownBy(() -> OperatorSettings.read(environmentOf(properties)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("mail-worker.queu is not a setting of the mail worker");
    }

    @Test
    void several_brokers_can_be_named_and_a_uri_brings_user_vhost_and_tls() {
        BrokerSettings plain =
                read(Map.of("spring.rabbitmq.addresses", "one:5673, two")).broker();
        BrokerSettings uri = read(Map.of(
                        "spring.rabbitmq.addresses", "amqps://shop:p%2Fw+1@mq.example.com/orders%2Feu"))
                .broker();

        assertThat(plain.addresses()).containsExactly(new Address("one", 5673), new Address("two", 5672));
        assertThat(uri.addresses()).containsExactly(new Address("mq.example.com", 5671));
        assertThat(uri.username()).isEqualTo("shop");
        assertThat(uri.password()).isEqualTo("p/w+1");
        assertThat(uri.virtualHost()).isEqualTo("orders/eu");
        assertThat(uri.ssl()).isTrue();
    }

    @Test
    void auth_and_starttls_can_be_given_up_only_by_name() {
        Map<String, Object> open = new HashMap<>(LEAST);
        open.remove("spring.mail.username");
        assertThatThrownBy(() -> WorkerSettings.read(environmentOf(open)))
                .hasMessageContaining("spring.mail.properties.mail.smtp.auth=false");

        open.put("spring.mail.properties.mail.smtp.auth", "false");
        open.put("spring.mail.properties.mail.smtp.starttls.required", "false");
        assertThat(WorkerSettings.read(environmentOf(open)).smtp().properties())
                .containsEntry("mail.smtp.starttls.required", "false");
    }

    @Test
    void no_secret_is_in_the_text_of_the_settings() {
        assertThat(read(Map.of()).toString()).doesNotContain("secret");
    }

    private static WorkerSettings read(Map<String, Object> properties) {
        return WorkerSettings.read(environment(properties));
    }

    private static StandardEnvironment environment(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(LEAST);
        all.putAll(properties);
        return environmentOf(all);
    }

    private static StandardEnvironment environmentOf(Map<String, Object> properties) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        return environment;
    }
}
