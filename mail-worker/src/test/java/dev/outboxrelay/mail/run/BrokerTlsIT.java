package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.TestKeys;
import dev.outboxrelay.mail.rabbit.ConsumerState;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The broker has a certificate of its own making for the name {@code localhost}; the worker is to verify it. */
class BrokerTlsIT {
    @RegisterExtension
    private final Rig rig = new Rig();

    @TempDir
    static Path directory;

    private static TestKeys broker;
    private static TestKeys stranger;

    @BeforeAll
    static void issue() throws Exception {
        broker = TestKeys.make(directory.resolve("broker.p12"));
        stranger = TestKeys.make(directory.resolve("stranger.p12"));
    }

    @AfterAll
    static void forget() {
        broker.close();
    }

    @Test
    void a_broker_of_the_right_name_and_authority_is_consumed_from_and_others_are_told_nothing() throws Exception {
        int port = broker.inFrontOf(rig.rabbit().server().port());

        Worker right = worker("localhost", port, broker);
        right.awaitState(ConsumerState.CONSUMING);
        Worker wrongName = worker("127.0.0.1", port, broker);
        wrongName.awaitState(ConsumerState.RECONNECTING);
        Worker wrongAuthority = worker("localhost", port, stranger);
        wrongAuthority.awaitState(ConsumerState.RECONNECTING);

        assertThat(wrongName.status().reason()).contains("No subject alternative names");
        assertThat(wrongAuthority.status().reason()).contains("PKIX path");
    }

    private Worker worker(String host, int port, TestKeys trusted) {
        return rig.begin(
                "spring.rabbitmq.addresses=" + host + ":" + port,
                "spring.rabbitmq.ssl.bundle=broker",
                "spring.ssl.bundle.jks.broker.truststore.location=file:" + trusted.file(),
                "spring.ssl.bundle.jks.broker.truststore.password=" + TestKeys.PASSWORD);
    }
}
