package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("mails.spool");
    }

    @Test
    void mails_come_back_as_they_were() throws IOException {
        Mailbox.in(file).add(mail("王小明"));

        assertThat(Mailbox.in(file).all()).singleElement().satisfies(mail -> {
            assertThat(mail.receivedAt()).isEqualTo(NOON);
            assertThat(mail.from()).isEqualTo("shop@example.com");
            assertThat(mail.recipients()).containsExactly("a@example.com", "b@example.com");
            assertThat(mail.raw()).isEqualTo(mail("王小明").raw());
        });
    }

    @Test
    void a_mail_that_was_not_written_whole_is_cut_off_and_the_next_is_not_harmed() throws IOException {
        Mailbox mailbox = Mailbox.in(file);
        mailbox.add(mail("whole"));
        mailbox.add(mail("torn"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 3);
        }

        Mailbox.in(file).add(mail("next"));

        assertThat(Mailbox.in(file).all()).extracting(ReceivedMail::subject).containsExactly("whole", "next");
    }

    @Test
    void numbers_go_on_after_a_clear() throws IOException {
        Mailbox mailbox = Mailbox.in(file);
        mailbox.add(mail("one"));
        mailbox.add(mail("two"));
        mailbox.clear();
        mailbox.add(mail("three"));

        Mailbox again = Mailbox.in(file);

        assertThat(again.get(2)).isEmpty();
        assertThat(again.get(3).orElseThrow().subject()).isEqualTo("three");
        assertThat(again.after(0)).extracting(Mailbox.Numbered::number).containsExactly(3L);
    }

    private static ReceivedMail mail(String subject) {
        byte[] raw = ("Subject: " + subject + "\r\n\r\ntext\r\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new ReceivedMail(NOON, "shop@example.com", List.of("a@example.com", "b@example.com"), raw);
    }
}
