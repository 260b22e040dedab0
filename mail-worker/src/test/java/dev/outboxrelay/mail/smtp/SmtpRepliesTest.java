package dev.outboxrelay.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.SendOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SmtpRepliesTest {
    @RegisterExtension
    private final SmtpRig smtp = new SmtpRig();

    private static final List<String> REPLIES = List.of(
            "greeting, 554 5.3.2 no, Unavailable",
            "greeting, 421 4.3.2 not now, Unavailable",
            "greeting, cut, Unavailable",
            "EHLO, cut, Unavailable",
            "AUTH, 535 5.7.8 who are you, Unavailable",
            "AUTH, 454 4.7.0 later, Unavailable",
            "AUTH, cut, Unavailable",
            "MAIL, 530 5.7.0 log in first, Unavailable",
            "MAIL, 550 5.7.1 not you, Refused",
            "MAIL, 451 4.3.0 later, Deferred",
            "MAIL, 421 4.3.2 closing, Throttled",
            "MAIL, cut, Deferred",
            "RCPT, 550 5.1.1 no such user, Refused",
            "RCPT, 553 5.1.3 bad address, Refused",
            "RCPT, 450 4.2.1 greylisted, Deferred",
            "RCPT, 452 4.2.2 full, Deferred",
            "RCPT, 421 4.7.0 too many, Throttled",
            "RCPT, 454 4.7.0 slow down, Throttled",
            "RCPT, cut, Deferred",
            "DATA, 554 5.7.1 spam, Refused",
            "DATA, 451 4.3.0 later, Deferred",
            "DATA, 454 4.7.0 throttling, Throttled",
            "DATA, cut, Deferred",
            "., 554 5.6.0 bad content, Refused",
            "., 552 5.3.4 too big, Refused",
            "., 451 4.3.0 later, Deferred",
            "., 454 4.7.0 throttling, Throttled",
            "., 421 4.3.2 closing, Throttled",
            "., 251 taken and forwarded, Accepted",
            "., gibberish, Unknown",
            "., cut, Unknown");

    static Stream<Arguments> replies() {
        return inBothWays(REPLIES);
    }

    static Stream<Arguments> lastReplies() {
        return inBothWays(List.of(
                "MAIL, 421 4.3.2 closing, Throttled",
                "MAIL, 521 5.3.2 no mail here, Refused",
                "MAIL, 530 5.7.0 log in first, Unavailable",
                "MAIL, 550 5.7.1 not you, Refused",
                "RCPT, 421 4.7.0 too many, Throttled",
                "RCPT, 550 5.1.1 no such user, Refused",
                "DATA, 421 4.3.2 closing, Throttled",
                "., 554 5.6.0 bad content, Refused"));
    }

    /** Each command for itself, and all together. */
    private static Stream<Arguments> inBothWays(List<String> lines) {
        return lines.stream().map(line -> line.split(", ")).flatMap(line -> Stream.of(true, false)
                .map(together -> Arguments.of(line[0], line[1], line[2], together)));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void every_reply_at_every_command_has_its_class(String command, String reply, String outcome, boolean together)
            throws Exception {
        smtp.server().says(command, reply);
        if (together) {
            smtp.server().offers("PIPELINING");
        }

        SendOutcome got = smtp.mailer().prepare(SmtpRig.letter()).send(SmtpRig.soon());

        assertThat(got.getClass().getSimpleName()).isEqualTo(outcome);
        if (got instanceof SendOutcome.Refused refused) {
            assertThat(refused.detail()).isEqualTo(reply);
            assertThat(refused.reason()).isEqualTo(ParkReason.REFUSED);
        }
        if (got instanceof SendOutcome.Deferred deferred && !reply.equals("cut")) {
            assertThat(deferred.reply()).isEqualTo(reply);
        }
    }

    @ParameterizedTest
    @MethodSource("lastReplies")
    void a_refusal_stands_although_the_server_hangs_up_after_it(
            String command, String reply, String outcome, boolean together) throws Exception {
        if (together) {
            smtp.server().offers("PIPELINING");
        }
        for (boolean allRead : new boolean[] {true, false}) {
            smtp.server().leavesAfter(command, reply, allRead);
            SmtpMailer mailer = smtp.mailer();

            SendOutcome got = mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());

            assertThat(got.getClass().getSimpleName()).isEqualTo(outcome);
            assertThat(got.toString()).contains(reply);
            assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);
        }
        assertThat(smtp.server().count("greeting")).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"greeting, Unavailable", "MAIL, Deferred", "RCPT, Deferred", "DATA, Deferred", "., Unknown"})
    void a_server_that_says_nothing_is_waited_for_as_long_as_the_timeout(String command, String outcome)
            throws Exception {
        smtp.server().hangsAt(command);

        SendOutcome got = smtp.mailer("spring.mail.properties.mail.smtp.timeout=200")
                .prepare(SmtpRig.letter())
                .send(SmtpRig.soon());

        assertThat(got.getClass().getSimpleName()).isEqualTo(outcome);
    }

    @Test
    void a_server_that_keeps_the_timeouts_but_not_the_deadline_is_cut_off() throws Exception {
        smtp.server().hangsAt("DATA");

        SendOutcome got = smtp.mailer("mail-worker.smtp.deadline=200ms")
                .prepare(SmtpRig.letter())
                .send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Deferred.class);
    }

    @Test
    void a_recipient_that_is_refused_is_not_made_good_by_the_copy() throws Exception {
        smtp.server().says("RCPT", "450 4.2.1 greylisted", "250 ok");

        SendOutcome got = smtp.mailer("mail-worker.bcc=archive@tea.example")
                .prepare(SmtpRig.letter())
                .send(SmtpRig.soon());

        assertThat(got).isEqualTo(new SendOutcome.Deferred("450 4.2.1 greylisted"));
        assertThat(smtp.server().mails()).isEmpty();
    }

    @Test
    void a_copy_that_is_refused_does_not_keep_the_mail_from_its_recipient() throws Exception {
        smtp.server().says("RCPT", "250 ok", "550 5.1.1 archive is gone");

        SendOutcome got = smtp.mailer("mail-worker.bcc=archive@tea.example")
                .prepare(SmtpRig.letter())
                .send(SmtpRig.soon());

        assertThat(((SendOutcome.Accepted) got).reply())
                .startsWith("250 2.0.0 taken")
                .contains("550 5.1.1 archive is gone");
        assertThat(smtp.server().mails()).hasSize(1);
        assertThat(smtp.server().commands().stream().filter(line -> line.startsWith("RCPT")))
                .containsExactly("RCPT TO:<a@example.com>", "RCPT TO:<archive@tea.example>", "RCPT TO:<a@example.com>");
    }

    @Test
    void a_refusal_does_not_cost_the_connection() throws Exception {
        smtp.server().says("RCPT", "550 5.1.1 no", "450 4.2.1 later");
        SmtpMailer mailer = smtp.mailer();

        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Refused.class);
        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Deferred.class);
        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);

        assertThat(smtp.server().count("greeting")).isEqualTo(1);
    }

    @Test
    void commands_leave_together_where_the_server_offers_it_and_every_refusal_is_still_the_mails_own()
            throws Exception {
        smtp.server().offers("PIPELINING").says("MAIL", "250 ok", "550 5.7.1 not you");
        smtp.server().says("RCPT", "550 5.1.1 no", "503 5.5.1 no sender", "452 4.2.2 full");
        SmtpMailer mailer = smtp.mailer();

        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon()))
                .isEqualTo(new SendOutcome.Refused(ParkReason.REFUSED, "550 5.1.1 no"));
        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon()))
                .isEqualTo(new SendOutcome.Refused(ParkReason.REFUSED, "550 5.7.1 not you"));
        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon()))
                .isEqualTo(new SendOutcome.Deferred("452 4.2.2 full"));
        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);

        assertThat(smtp.server().count("greeting")).isEqualTo(1);
        assertThat(smtp.server().count("DATA")).isEqualTo(4);
        assertThat(smtp.server().mails().stream().filter(mail -> !mail.isEmpty()))
                .hasSize(1);
    }

    @Test
    void a_server_that_reads_no_further_is_cut_off_at_the_deadline() throws Exception {
        smtp.server().stopsReadingAtData();
        Letter large = new Letter(
                "event-1", "a@example.com", "Hi", "text", "x".repeat(20_000_000), Optional.empty(), Map.of());

        SendOutcome got =
                smtp.mailer("mail-worker.smtp.deadline=500ms").prepare(large).send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Deferred.class);
    }
}
