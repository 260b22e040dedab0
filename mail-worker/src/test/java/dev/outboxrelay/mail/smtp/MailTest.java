package dev.outboxrelay.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.settings.LetterSettings;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTest {
    private static final LetterSettings SETTINGS = new LetterSettings(
            "Tea House <orders@tea.example>", Optional.empty(), Optional.empty(), "", "tea.example", Optional.empty());
    private static final String PIECES = "aZ0.@-_+ \t\r\n\"\\(),:;<>[]%\u0000\u3002\u200d明é😀";

    /** Whatever it is made of, it is refused or it is one line of one header. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void no_address_breaks_a_header_or_the_worker(long seed) throws Exception {
        Random random = new Random(seed);
        int[] pieces = PIECES.codePoints().toArray();
        for (int i = 0; i < 5_000; i++) {
            StringBuilder address = new StringBuilder();
            for (int length = random.nextInt(12); length >= 0; length--) {
                address.appendCodePoint(pieces[random.nextInt(pieces.length)]);
            }
            if (random.nextBoolean()) {
                address.insert(random.nextInt(address.length()), "@example.com");
            }
            try {
                String[] lines = header(Mail.of(letter(address.toString(), "4711"), SETTINGS, Instant.EPOCH));
                assertThat(Arrays.stream(lines).filter(line -> line.startsWith("To: ")))
                        .hasSize(1);
                assertThat(lines).allMatch(line -> line.matches("([A-Z][A-Za-z-]*: | |\t).*"));
            } catch (MessagingException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void the_date_is_that_of_rfc_5322_and_can_be_read_back() throws Exception {
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        Mail mail = Mail.of(letter("a@example.com", "4711"), SETTINGS, now);

        assertThat(header(mail)).contains("Date: Fri, 2 Jan 2026 03:04:05 +0000");
        assertThat(mail.getSentDate()).isEqualTo(now);
    }

    @Test
    void a_header_value_in_another_script_or_of_any_length_is_ascii_in_lines_of_bounded_length() throws Exception {
        for (String order : new String[] {"订单-4711", "x ".repeat(2000)}) {
            String[] lines = header(Mail.of(letter("a@example.com", order), SETTINGS, Instant.EPOCH));

            assertThat(lines).allMatch(line -> line.length() < 1000).allMatch(line -> line.chars()
                    .allMatch(one -> one < 128));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatever_text_and_html_are_the_mail_has_them_in_ascii_and_in_short_lines(long seed) throws Exception {
        Random random = new Random(seed);
        String[] pieces = {
            "a",
            " ",
            ".",
            "\n",
            "\r\n",
            "\r",
            "\t",
            "\u0000",
            "明",
            "😀",
            "\n.\n",
            "=_event-1",
            "--=_event-1",
            "x".repeat(990)
        };
        for (int i = 0; i < 500; i++) {
            String text = text(random, pieces);
            String html = text(random, pieces);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Mail.of(
                            new Letter("event-1", "a@example.com", "s", text, html, Optional.empty(), Map.of()),
                            SETTINGS,
                            Instant.EPOCH)
                    .writeTo(out);

            assertThat(out.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1))
                    .allMatch(line -> line.length() <= 998
                            && line.chars().allMatch(one -> (one >= ' ' && one <= '~') || one == '\t'));
            MimeMultipart parts = (MimeMultipart)
                    new MimeMessage((Session) null, new ByteArrayInputStream(out.toByteArray())).getContent();
            assertThat(parts.getCount()).isEqualTo(2);
            assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/plain");
            assertThat(parts.getBodyPart(0).getContent()).isEqualTo(canonical(text));
            assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
            assertThat(parts.getBodyPart(1).getContent()).isEqualTo(canonical(html));
        }
    }

    private static String text(Random random, String[] pieces) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static String canonical(String text) {
        return text.replace("\r\n", "\n").replace("\n", "\r\n");
    }

    private static String[] header(Mail mail) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mail.writeTo(out);
        String text = out.toString(StandardCharsets.UTF_8);
        return text.substring(0, text.indexOf("\r\n\r\n")).split("\r\n");
    }

    private static Letter letter(String to, String order) {
        return new Letter("event-1", to, "Subject", "text", "html", Optional.empty(), Map.of("X-Order-Id", order));
    }
}
