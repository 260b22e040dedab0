package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.Ports;
import dev.outboxrelay.local.RabbitMqServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both servers have certificates of a private authority, for the name {@code localhost}; the relay is to verify them. */
class TlsIT {

    private static final Duration VALID = Duration.ofDays(1);
    private static final Duration EXPIRED = Duration.ofDays(-1);
    private static final int AMQPS = Ports.free();
    private static final AtomicInteger STAGES = new AtomicInteger();

    @TempDir
    static Path directory;

    private static TestAuthority authority;
    private static TestAuthority stranger;
    private static MySqlServer mysql;
    private static RabbitMqServer rabbit;

    private Stage stage;

    @BeforeAll
    static void serve() throws Exception {
        authority = new TestAuthority(directory.resolve("authority"));
        stranger = new TestAuthority(directory.resolve("stranger"));
        authority.issue(VALID);
        mysql = MySqlServer.builder()
                .options(
                        "--ssl-ca=" + authority.certificateFile(),
                        "--ssl-cert=" + authority.serverCertificate(),
                        "--ssl-key=" + authority.serverKey())
                .start(directory.resolve("mysql"));
        rabbit = RabbitMqServer.builder()
                .config(
                        "listeners.ssl.1 = 127.0.0.1:" + AMQPS,
                        "ssl_options.cacertfile = " + authority.certificateFile(),
                        "ssl_options.certfile = " + authority.serverCertificate(),
                        "ssl_options.keyfile = " + authority.serverKey())
                .start(directory.resolve("rabbit"));
    }

    @AfterAll
    static void end() {
        mysql.close();
        rabbit.close();
    }

    @BeforeEach
    void set() throws Exception {
        int number = STAGES.incrementAndGet();
        rabbit.control("add_vhost", "tls-" + number);
        rabbit.control("set_permissions", "-p", "tls-" + number, "outbox", ".*", ".*", ".*");
        stage = new Stage(mysql, rabbit, "tls" + number + "_", "tls-" + number);
        databaseAt("localhost", authority);
        brokerAt("localhost", authority);
    }

    @AfterEach
    void close() throws Exception {
        present(VALID);
        stage.close();
    }

    @Test
    void servers_of_the_right_authority_and_name_are_spoken_to_over_tls_only() throws Exception {
        stage.sql("ALTER USER `%s` REQUIRE SSL".formatted(stage.names.outboxRelay()))
                .update();
        stage.startRelay().awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        assertThat(rabbit.control("list_connections", "-q", "ssl", "client_properties"))
                .containsPattern("true.*outbox-relay orders");
    }

    @Test
    void a_database_that_wants_a_certificate_gets_one_from_the_relay_and_from_a_command_that_reads_the_binlog(
            @TempDir Path configuration) throws Exception {
        stage.sql("ALTER USER `%s` REQUIRE X509".formatted(stage.names.outboxRelay()))
                .update();
        refused("Access denied");
        stage.stopRelays();
        stage.properties.computeIfPresent(
                "spring.datasource.url",
                (name, url) -> url
                        + "&clientCertificateKeyStoreUrl=file:%s&clientCertificateKeyStorePassword=%s"
                                .formatted(clientStore(), TestAuthority.STORE_PASSWORD));
        stage.startRelay().awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(id);

        Cli.Result tail = new Cli(stage, configuration).run("events", "tail", "--from=" + id, "--no-follow");

        assertThat(tail.code()).as(tail.err()).isZero();
        assertThat(tail.out()).contains(id);
    }

    @Test
    void a_database_under_another_name_is_refused() throws Exception {
        databaseAt("127.0.0.1", authority);
        refused("127.0.0.1");
    }

    @Test
    void a_database_of_another_authority_is_refused() throws Exception {
        databaseAt("localhost", stranger);
        refused("Path does not chain with any of the trust anchors");
    }

    @Test
    void a_database_whose_certificate_has_expired_is_refused_until_it_has_a_new_one() throws Exception {
        present(EXPIRED);
        Stage.Running relay = refused("CertificateExpiredException");

        present(VALID);
        relay.awaitState(RelayState.STREAMING);
    }

    /** Debezium's client trusts anybody where it is not told whom; that JDBC refuses proves nothing for the binlog. */
    @Test
    void a_binlog_connection_with_another_authoritys_certificate_is_refused_though_jdbc_has_the_right_one()
            throws Exception {
        try (BinlogImpostor impostor = new BinlogImpostor(mysql.port(), stranger.issueClientStore())) {
            databaseAt("localhost", impostor.port(), authority);
            Stage.Running relay = refused("certificat");
            assertThat(relay.supervisor().status().why()).startsWith("The binlog");
            assertThat(impostor.isBelieved()).isFalse();

            impostor.repent();
            relay.awaitState(RelayState.STREAMING);
        }
    }

    @Test
    void a_broker_under_another_name_is_refused() throws Exception {
        brokerAt("127.0.0.1", authority);
        refused("127.0.0.1");
    }

    @Test
    void a_broker_of_another_authority_is_refused() throws Exception {
        brokerAt("localhost", stranger);
        refused("unable to find valid certification path");
    }

    @Test
    void a_broker_whose_certificate_has_expired_is_refused_until_it_has_a_new_one() throws Exception {
        authority.issue(EXPIRED);
        rabbit.control("eval", "ssl:clear_pem_cache().");
        Stage.Running relay = refused("CertificateExpiredException");

        authority.issue(VALID);
        rabbit.control("eval", "ssl:clear_pem_cache().");
        relay.awaitState(RelayState.STREAMING);
    }

    @Test
    void the_doctor_tells_certificates_that_run_out_from_those_it_does_not_trust(@TempDir Path configuration)
            throws Exception {
        Cli cli = new Cli(stage, configuration);
        assertThat(cli.run("doctor")).satisfies(soon -> {
            assertThat(soon.out())
                    .containsPattern(
                            "warning +tls +TLSv1.3, certificate and host name are verified; the certificate runs out in .*\\R.*ALTER INSTANCE RELOAD TLS")
                    .containsPattern(
                            "warning +tls +TLSv1.3, certificate and host name are verified; the certificate runs out in .*\\R.*clear_pem_cache");
            assertThat(soon.code()).isZero();
        });
        databaseAt("localhost", stranger);
        brokerAt("localhost", stranger);
        assertThat(cli.run("doctor")).satisfies(refused -> {
            assertThat(refused.out())
                    .containsPattern("failed +reachable +localhost:.*\\R.*trustCertificateKeyStoreUrl")
                    .containsPattern("failed +reachable +RabbitMQ at localhost:.*\\R.*spring.rabbitmq.ssl.bundle")
                    .doesNotContain(TestAuthority.STORE_PASSWORD);
            assertThat(refused.code()).isEqualTo(4);
        });
    }

    /** The state says why, and names no secret; nothing is published. */
    private Stage.Running refused(String why) throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.supervisor().status().why()).contains(why).doesNotContain(TestAuthority.STORE_PASSWORD);
        assertThat(relay.count("outbox.relay.events.published")).isZero();
        return relay;
    }

    private static Path clientStore() {
        try {
            return authority.issueClientStore();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives MySQL a new certificate, while it runs. */
    private void present(Duration validity) throws Exception {
        authority.issue(validity);
        stage.sql("ALTER INSTANCE RELOAD TLS").update();
    }

    private void databaseAt(String host, TestAuthority trusted) {
        databaseAt(host, mysql.port(), trusted);
    }

    private void databaseAt(String host, int port, TestAuthority trusted) {
        stage.properties.put(
                "spring.datasource.url",
                "jdbc:mysql://%s:%d/%s?connectTimeout=2000&sslMode=VERIFY_IDENTITY&trustCertificateKeyStoreUrl=file:%s&trustCertificateKeyStorePassword=%s"
                        .formatted(host, port, stage.names.relay(), trusted.storeFile(), TestAuthority.STORE_PASSWORD));
    }

    private void brokerAt(String host, TestAuthority trusted) {
        stage.properties.put(
                "spring.rabbitmq.addresses",
                rabbit.uri(stage.vhost)
                        .toString()
                        .replace("amqp:", "amqps:")
                        .replace("127.0.0.1:" + rabbit.port(), host + ":" + AMQPS));
        stage.properties.put("spring.rabbitmq.ssl.bundle", "broker");
        stage.properties.put(
                "spring.ssl.bundle.pem.broker.truststore.certificate", "file:" + trusted.certificateFile());
    }
}
