package dev.outboxrelay.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.SendOutcome;
import dev.outboxrelay.mail.TestKeys;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the greeting to the login of a server that speaks TLS after STARTTLS, and what goes wrong on the way. */
class SmtpStartTlsTest {
    @TempDir
    static Path directory;

    private static SSLContext own;
    private static SSLContext stranger;

    @RegisterExtension
    private final SmtpRig smtp = new SmtpRig();

    @BeforeAll
    static void issue() throws Exception {
        own = TestKeys.make(directory.resolve("own.p12")).context();
        stranger = TestKeys.make(directory.resolve("stranger.p12")).context();
    }

    @BeforeEach
    void offer() {
        smtp.server().offersStartTls(own);
    }

    private SmtpMailer mailer(SSLContext trusting, String... more) {
        String[] tls = {
            "spring.mail.host=localhost", "spring.mail.properties.mail.smtp.starttls.required=true",
        };
        return smtp.mailer(
                trusting.getSocketFactory(),
                Stream.of(tls, more).flatMap(Arrays::stream).toArray(String[]::new));
    }

    @Test
    void many_mails_go_over_one_connection_with_one_handshake_and_one_login() throws Exception {
        SmtpMailer mailer = mailer(own);

        for (int i = 0; i < 50; i++) {
            assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);
        }

        assertThat(smtp.server().mails()).hasSize(50);
        assertThat(smtp.server().count("STARTTLS")).isEqualTo(1);
        assertThat(smtp.server().count("handshake")).isEqualTo(1);
        assertThat(smtp.server().count("AUTH")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "EHLO, 421 4.3.2 not now",
        "EHLO, 451 4.3.0 later",
        "EHLO, 502 5.5.1 what",
        "EHLO, 554 5.7.1 not you",
        "EHLO, cut",
        "STARTTLS, 454 4.7.0 no TLS at present",
        "STARTTLS, 501 5.5.4 syntax",
        "STARTTLS, 502 5.5.1 what",
        "STARTTLS, cut",
        "handshake, cut",
        "AUTH, 454 4.7.0 later",
        "AUTH, 535 5.7.8 who are you",
        "AUTH, cut"
    })
    void a_server_that_lets_nobody_in_is_as_if_there_were_none_until_it_does(String command, String reply)
            throws Exception {
        smtp.server().says(command, reply);

        assertPausesAndGoesOn(mailer(own), command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeting", "EHLO", "STARTTLS", "handshake", "AUTH"})
    @Timeout(30)
    void one_that_says_nothing_is_waited_for_as_long_as_the_timeout(String command) throws Exception {
        smtp.server().hangsAt(command);

        assertPausesAndGoesOn(mailer(own, "spring.mail.properties.mail.smtp.timeout=200"), command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeting", "AUTH"})
    @Timeout(30)
    void one_that_drips_is_cut_off_at_the_deadline_by_a_mail_and_by_the_trial_of_a_pause(String command)
            throws Exception {
        smtp.server().dripsAt(command).dripsAt(command);
        SmtpMailer mailer = mailer(own, "mail-worker.smtp.deadline=1s");

        assertThat(mailer.obstacle()).get().asString().contains("not ready within mail-worker.smtp.deadline");
        assertPausesAndGoesOn(mailer, command);
    }

    @Test
    void the_password_is_told_to_nobody_whom_the_bundle_does_not_vouch_for() throws Exception {
        SendOutcome got = mailer(stranger).prepare(SmtpRig.letter()).send(SmtpRig.soon());

        assertThat(((SendOutcome.Unavailable) got).cause()).contains("PKIX path");
        assertThat(smtp.server().count("AUTH") + smtp.server().count("MAIL")).isZero();
    }

    @Test
    void a_server_that_has_no_room_for_the_next_connection_slows_down_and_does_not_pause() throws Exception {
        SmtpMailer mailer = mailer(own);
        smtp.server().hangsAt("MAIL");
        Thread busy = smtp.sending(mailer);

        smtp.server().says("STARTTLS", "454 4.7.0 no TLS at present");
        SendOutcome got = mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Throttled.class);
        smtp.server().hangUp();
        busy.join(10_000);
    }

    /** The next mail gets in: the worker needs no new start. Up to then the server has neither password nor mail in the clear. */
    private void assertPausesAndGoesOn(SmtpMailer mailer, String command) throws Exception {
        SendOutcome got = mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Unavailable.class);
        assertThat(smtp.server().count("MAIL")).isZero();
        if (!command.equals("AUTH")) {
            assertThat(smtp.server().count("AUTH")).isZero();
        }
        assertThat(mailer.obstacle()).isEmpty();
        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);
        assertThat(smtp.server().mails()).hasSize(1);
    }
}
