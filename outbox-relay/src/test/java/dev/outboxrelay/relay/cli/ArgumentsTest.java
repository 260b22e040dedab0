package dev.outboxrelay.relay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--spring.datasource.password=s3cret",
                "--relay.broker-management.PASSWORD=s3cret",
                "--spring.datasource.pass-word=s3cret",
                "--spring.datasource.password=${NONE:s3cret}",
                "--spring.ssl.bundle.pem.mq.keystore.private-key=s3cret",
                "--spring.ssl.bundle.pem.mq.keystore.privateKey=s3cret",
                "--spring.datasource.url=jdbc:mysql://db/relay?user=a&PASSWORD=s3cret",
                "--spring.datasource.url=jdbc:mysql://(host=db, user=a, password=s3cret)/relay",
                "--spring.datasource.url=jdbc:mysql://db/relay?trustCertificateKeyStorePassword=s3cret",
                "--spring.rabbitmq.addresses=amqp://${MQ_USER}:s3cret@mq/orders",
                "--spring.rabbitmq.addresses=one:5672,shop:s3cret@two"
            })
    void a_secret_is_refused_by_the_name_of_its_property(String argument) {
        assertThat(Arguments.holdSecret("run", argument)).isTrue();
        assertThatThrownBy(() -> Arguments.of("lag", argument))
                .isInstanceOf(CommandException.class)
                .message()
                .contains(argument.substring(2, argument.indexOf('=')), "no place for a password")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--spring.rabbitmq.addresses=amqps://mq-1:5671/orders,mq-2:5671",
                "--spring.rabbitmq.addresses=amqps://relay:${MQ_PASSWORD}@mq/orders",
                "--spring.datasource.url=jdbc:mysql://db/relay?user=a&password=${DB_PASSWORD}",
                "--spring.datasource.url=jdbc:mysql://db/relay?passwordCharacterEncoding=UTF-8",
                "--spring.datasource.url=jdbc:mysql://db/relay?a=b&disconnectOnExpiredPasswords=false",
                "--spring.ssl.bundle.pem.mq.keystore.private-key=file:/etc/tls/mq.key",
                "--spring.ssl.bundle.pem.mq.keystore.private-key=classpath:mq.key",
                "--spring.datasource.password=${DB_PASSWORD}",
                "--relay.routing-key={aggregatetype}.{type}"
            })
    void an_address_without_a_password_or_where_to_find_one_is_no_secret(String argument) {
        assertThat(Arguments.holdSecret("run", argument)).isFalse();
        assertThat(Arguments.of("lag", argument).properties()).hasSize(1);
    }
}
