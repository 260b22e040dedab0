package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Path;

/** The process behind {@link SmtpSinkProcess}. Its argument is the directory with the server's file. */
final class SmtpSinkMain {

    private SmtpSinkMain() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        ServerFile file = ServerFile.in(directory);
        Mailbox mailbox = Mailbox.in(directory.resolve("mails.spool"));
        new SmtpSink(directory, file.port(SmtpSinkProcess.PORT), file.require(SmtpSinkProcess.PASSWORD), mailbox)
                .listen();
        MailPage.serve(mailbox, file.port(SmtpSinkProcess.PAGE_PORT));
    }
}
