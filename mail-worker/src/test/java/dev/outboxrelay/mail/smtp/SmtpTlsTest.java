package dev.outboxrelay.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.SendOutcome;
import dev.outboxrelay.mail.TestKeys;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
                Stream.of(tls, more).flatMap(Arrays::stream).toArray(String[]::new));
    }

    @Test
    void commands_leave_together_and_the_mail_is_taken() throws Exception {
        smtp.server().offers("PIPELINING");

        SendOutcome got = mailer(own).prepare(SmtpRig.letter()).send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Accepted.class);
        assertThat(smtp.server().mails()).hasSize(1);
    }

    @Test
    @Timeout(30)
    void a_server_that_reads_no_further_is_cut_off_at_the_deadline() throws Exception {
        smtp.server().stopsReadingAtData();
        SmtpMailer mailer = mailer(own, "mail-worker.smtp.deadline=500ms");
        assertThat(mailer.obstacle()).isEmpty();
        Letter large = new Letter(
                "event-1", "a@example.com", "Hi", "text", "x".repeat(20_000_000), Optional.empty(), Map.of());

        SendOutcome got = mailer.prepare(large).send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Deferred.class);
        assertThat(smtp.server().count("DATA")).isEqualTo(1);
    }

    @Test
    void a_server_that_the_bundle_does_not_vouch_for_is_told_nothing_and_not_tried_with_what_the_jvm_trusts()
            throws Exception {
        SendOutcome got = mailer(stranger).prepare(SmtpRig.letter()).send(SmtpRig.soon());

        assertThat(((SendOutcome.Unavailable) got).cause()).contains("PKIX path");
        assertThat(smtp.server().commands()).containsOnlyOnce("greeting").doesNotContain("EHLO");
    }
}
