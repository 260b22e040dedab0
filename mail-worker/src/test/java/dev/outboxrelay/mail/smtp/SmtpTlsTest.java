package dev.outboxrelay.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.SendOutcome;
import dev.outboxrelay.mail.TestKeys;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks TLS from the first byte, with a certificate of its own making for the name {@code localhost}. */
class SmtpTlsTest {
    @TempDir
    static Path directory;

    private static SSLContext own;
    private static SSLContext stranger;

    @RegisterExtension
    private final SmtpRig smtp = rig();

    @BeforeAll
    static void issue() throws Exception {
        own = TestKeys.make(directory.resolve("own.p12")).context();
        stranger = TestKeys.make(directory.resolve("stranger.p12")).context();
    }

    private static SmtpRig rig() {
        return new SmtpRig(own.getServerSocketFactory());
    }

    private SmtpMailer mailer(SSLContext trusting, String... more) {
        String[] tls = {"spring.mail.ssl.enabled=true", "spring.mail.host=localhost"};
        return smtp.mailer(
                trusting.getSocketFactory(),
                Stream.of(tls, more).flatMap(Stream::of).toArray(String[]::new));
    }

    @Test
    void a_server_that_the_bundle_does_not_vouch_for_is_told_nothing_and_not_tried_with_what_the_jvm_trusts()
            throws Exception {
        SendOutcome got = mailer(stranger).send(SmtpRig.letter(), SmtpRig.soon());

        assertThat(((SendOutcome.Unavailable) got).cause()).contains("PKIX path");
        assertThat(smtp.server().commands()).containsOnlyOnce("greeting").doesNotContain("EHLO");
    }
}
