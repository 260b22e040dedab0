package dev.outboxrelay.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * A mail server on 127.0.0.1 in this JVM that takes mail for anybody and keeps it. It demands STARTTLS and a login; its
 * certificate is for {@code localhost} and 127.0.0.1, from an authority made at start. A mail is in {@link #mails()} before
 * its sender reads 250.
 */
public final class SmtpSink implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    static final String USER = "outbox";

    private final Path directory;
    private final int port;
    private final String password;
    private final Certificates certificates;
    private final Mailbox mailbox;
    private volatile Function<String, SmtpAnswer> onRecipient = recipient -> new SmtpAnswer.Accept();
    private volatile Function<ReceivedMail, SmtpAnswer> onMail = mail -> new SmtpAnswer.Accept();
    private volatile boolean letsIn = true;
    private @Nullable SMTPServer server;

    SmtpSink(Path directory, int port, String password, Mailbox mailbox) {
        this.directory = directory;
        this.port = port;
        this.password = password;
        this.mailbox = mailbox;
        this.certificates = Certificates.in(directory);
    }

    /** A sink on a free port that keeps its mails in memory. */
    public static SmtpSink start() {
        int port = Ports.free();
        SmtpSink sink =
                new SmtpSink(Scratch.directory().resolve("smtp-" + port), port, Secrets.random(), Mailbox.inMemory());
        sink.listen();
        return sink;
    }

    /** Listens on the same port as before; mails received earlier are kept. Does nothing if the sink listens. */
    public synchronized void listen() {
        if (server != null) {
            return;
        }
        Ports.requireFree(port, "The SMTP sink");
        SMTPServer fresh = SMTPServer.port(port)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .softwareName("outbox-relay sink")
                .backlog(500)
                .startTlsSocketFactory(certificates.server())
                .requireTLS()
                .requireAuth()
                .authenticationHandlerFactory(
                        new EasyAuthenticationHandlerFactory((user, given, context) -> login(user, given)))
                .insertReceivedHeaders(false)
                .messageHandlerFactory(context -> new SmtpSession(context, mailbox, onRecipient, onMail))
                .executorService(Executors.newCachedThreadPool(SmtpSink::daemon))
                .build();
        fresh.start();
        server = fresh;
    }

    /** Stops listening and ends all connections; the mails are kept. Does nothing if the sink does not listen. */
    public synchronized void stop() {
        if (server != null) {
            server.stop();
            server = null;
        }
    }

    /** Decides about every recipient from now on; until {@link #clear()}, which accepts all again. */
    public void onRecipient(Function<String, SmtpAnswer> decision) {
        onRecipient = decision;
    }

    /** Decides about every message from now on, when all of it has come; until {@link #clear()}, which accepts all again. */
    public void onMail(Function<ReceivedMail, SmtpAnswer> decision) {
        onMail = decision;
    }

    /** Whether the right password is accepted from now on; until {@link #clear()}, which accepts it again. */
    public void acceptLogins(boolean accept) {
        letsIn = accept;
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return port;
    }

    public String username() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** The certificate of the authority that a client has to trust, in PEM. */
    public Path caFile() {
        return certificates.authorityFile();
    }

    /** The mails received so far, oldest first. */
    public List<ReceivedMail> mails() {
        return mailbox.all();
    }

    /**
     * Waits until there are at least so many mails.
     *
     * @return all that are there then; fewer than awaited if the time was up
     */
    public List<ReceivedMail> awaitCount(int count, Duration within) {
        try {
            return mailbox.await(count, within);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServiceException("Interrupted while waiting for mails", e);
        }
    }

    /** Forgets all mails, and accepts all recipients, messages and right logins again. */
    public void clear() {
        letsIn = true;
        onRecipient = recipient -> new SmtpAnswer.Accept();
        onMail = mail -> new SmtpAnswer.Accept();
        mailbox.clear();
    }

    /**
     * Serves the mails, for a browser and for programs, on a free port of 127.0.0.1 until this JVM ends.
     *
     * @return the address of the page
     */
    public URI servePage() {
        int pagePort = Ports.free();
        try {
            MailPage.serve(mailbox, pagePort);
        } catch (IOException e) {
            throw new LocalServiceException("Cannot serve the page of mails on port " + pagePort, e);
        }
        return URI.create("http://" + HOST + ":" + pagePort);
    }

    /** Stops and deletes what the sink wrote. */
    @Override
    public void close() {
        stop();
        Trees.delete(directory);
    }

    private void login(String user, String given) throws LoginFailedException {
        if (!letsIn || !USER.equals(user) || !password.equals(given)) {
            throw new LoginFailedException();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "smtp-sink");
        thread.setDaemon(true);
        return thread;
    }
}
