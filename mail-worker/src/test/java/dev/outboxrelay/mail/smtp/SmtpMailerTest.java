package dev.outboxrelay.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.SendOutcome;
import dev.outboxrelay.mail.settings.InvalidSettingsException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpMailerTest {
    @RegisterExtension
    private final SmtpRig smtp = new SmtpRig();

    @Test
    void a_blind_copy_is_not_in_the_mail() throws Exception {
        smtp.mailer("mail-worker.bcc=archive@tea.example")
                .prepare(SmtpRig.letter())
                .send(SmtpRig.soon());

        assertThat(smtp.server().mails().get(0)).doesNotContain("archive@tea.example");
    }

    @Test
    void the_event_id_is_in_a_header_of_the_providers_choice() throws Exception {
        smtp.mailer("mail-worker.idempotency-header=Idempotency-Key", "mail-worker.reply-to=help@tea.example")
                .prepare(SmtpRig.letter())
                .send(SmtpRig.soon());

        assertThat(smtp.server().mails().get(0))
                .contains(
                        "Idempotency-Key: event-1\r\n",
                        "Reply-To: help@tea.example\r\n",
                        "Auto-Submitted: auto-generated\r\n");
    }

    @Test
    void sender_and_subject_are_those_of_the_settings() throws Exception {
        smtp.mailer("mail-worker.from=Tee Haus <tee@haus.example>", "mail-worker.subject-prefix=[test]")
                .prepare(new Letter("event-1", "a@example.com", "Hi", "text", "html", Optional.empty(), Map.of()))
                .send(SmtpRig.soon());

        assertThat(smtp.server().commands()).contains("MAIL FROM:<tee@haus.example>");
        assertThat(smtp.server().mails().get(0))
                .contains(
                        "From: Tee Haus <tee@haus.example>\r\n",
                        "Subject: [test] Hi\r\n",
                        "Message-ID: <event-1@haus.example>\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail-worker.from=orders tea.example",
                "mail-worker.from=a@tea.example, b@tea.example",
                "mail-worker.reply-to=help@",
                "mail-worker.bcc=archive"
            })
    void a_sender_or_a_copy_that_cannot_be_one_ends_the_start_instead_of_parking_every_mail(String setting) {
        String name = setting.substring(0, setting.indexOf('='));

        assertThatThrownBy(() -> smtp.mailer(setting))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(name + " is " + setting.substring(name.length() + 1));
    }

    @Test
    void an_address_in_another_script_goes_to_a_server_that_takes_it() throws Exception {
        smtp.server().offers("SMTPUTF8");
        SmtpMailer mailer = smtp.mailer();

        assertThat(mailer.prepare(SmtpRig.letter("小明@例子.example")).send(SmtpRig.soon()))
                .isInstanceOf(SendOutcome.Accepted.class);
        assertThat(mailer.prepare(SmtpRig.letter("a@example.com")).send(SmtpRig.soon()))
                .isInstanceOf(SendOutcome.Accepted.class);

        assertThat(smtp.server().commands())
                .contains(
                        "MAIL FROM:<orders@tea.example> SMTPUTF8",
                        "RCPT TO:<小明@xn--fsqu00a.example>",
                        "MAIL FROM:<orders@tea.example>");
        assertThat(smtp.server().mails().get(0)).contains("To: 小明@xn--fsqu00a.example");
    }

    @Test
    void and_is_refused_for_one_that_does_not() throws Exception {
        SendOutcome got =
                smtp.mailer().prepare(SmtpRig.letter("小明@example.com")).send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Refused.class);
        assertThat(((SendOutcome.Refused) got).detail()).contains("SMTPUTF8");
        assertThat(smtp.server().count("MAIL")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "@example.com",
                "a@",
                "a@b@example.com",
                "a b@example.com",
                "a@example.com,b@example.com",
                "a@example.com\r\nBcc: b@example.com",
                "a@example.com\n",
                " a@example.com",
                "a@exa mple.com",
                "a@.com",
                "<a@example.com>, <b@example.com>",
                "group: a@example.com;"
            })
    void what_cannot_be_an_address_is_refused_and_never_sent(String address) throws Exception {
        SendOutcome got = smtp.mailer().prepare(SmtpRig.letter(address)).send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Refused.class);
        assertThat(((SendOutcome.Refused) got).reason()).isEqualTo(ParkReason.BAD_ADDRESS);
        assertThat(smtp.server().commands()).isEmpty();
    }

    @Test
    void a_line_end_in_a_header_is_refused() throws Exception {
        SmtpMailer mailer = smtp.mailer();
        Letter subject = new Letter(
                "event-1", "a@example.com", "Hi\r\nBcc: b@example.com", "text", "html", Optional.empty(), Map.of());
        Letter header = new Letter(
                "event-1", "a@example.com", "Hi", "text", "html", Optional.empty(), Map.of("X-Order-Id", "1\n2"));

        assertThat(mailer.prepare(subject).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Refused.class);
        assertThat(mailer.prepare(header).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Refused.class);
    }
}
