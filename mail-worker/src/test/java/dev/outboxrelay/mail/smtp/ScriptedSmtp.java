package dev.outboxrelay.mail.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A mail server that says what it is told to: by default it takes everything; what was scripted for a command is said
 * instead, once for each time it was scripted. {@code "."} stands for the end of a mail and {@code "greeting"} for its own
 * first line.
 */
final class ScriptedSmtp implements AutoCloseable {
    private final ServerSocket server;
    private final Script script = new Script();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile CyclicBarrier together = new CyclicBarrier(1);
    private volatile @Nullable SSLContext tls;
    private final List<String> extensions = new CopyOnWriteArrayList<>(List.of("AUTH PLAIN"));

    ScriptedSmtp(ServerSocketFactory sockets) throws IOException {
        server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    ScriptedSmtp says(String command, String... replies) {
        script.add(command, List.of(replies));
        return this;
    }

    /** Closes the connection instead of a reply. */
    ScriptedSmtp cutsAt(String command) {
        return says(command, Script.CUT);
    }

    /** Replies, then closes the connection: as one that has read all, or as one that has not. */
    ScriptedSmtp leavesAfter(String command, String reply, boolean allRead) {
        return says(command, reply + (allRead ? Script.LEAVE : Script.RESET));
    }

    /** Says nothing at all and keeps the connection. */
    ScriptedSmtp hangsAt(String command) {
        return says(command, Script.HANG);
    }

    /** Answers as it should once that many connections are at the command. */
    ScriptedSmtp waitsAt(String command, int connections) {
        together = new CyclicBarrier(connections);
        return says(command, Collections.nCopies(connections, Script.TOGETHER).toArray(String[]::new));
    }

    /** Answers as it should, then reads nothing more and keeps the connection. */
    ScriptedSmtp stopsReadingAtData() {
        return says("DATA", Script.DEAF);
    }

    /** Says one byte after the other, and never all of a line. */
    ScriptedSmtp dripsAt(String command) {
        return says(command, Script.DRIP);
    }

    /** Offers STARTTLS, and has the keys for it; {@code "handshake"} stands for what follows the reply to it. */
    ScriptedSmtp offersStartTls(SSLContext keys) {
        tls = keys;
        return this;
    }

    ScriptedSmtp offers(String extension) {
        extensions.add(extension);
        return this;
    }

    ScriptedSmtp withoutLogin() {
        extensions.removeIf(extension -> extension.startsWith("AUTH"));
        return this;
    }

    /** How often a command came, over all connections. */
    int count(String command) {
        return Collections.frequency(verbs(), command);
    }

    List<String> commands() {
        return commands;
    }

    /** Mails of which the final dot came, whatever was said to it. */
    List<String> mails() {
        return mails;
    }

    /** Closes what is open, as a server does with connections that were idle for too long. */
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private List<String> verbs() {
        return commands.stream().map(ScriptedSmtp::verb).toList();
    }

    static String verb(String line) {
        return line.split("[ :]", 2)[0];
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true); // a reset drops what has not left
                sockets.add(socket);
                start(() -> converse(socket));
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "scripted-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    private void converse(Socket socket) {
        try (socket) {
            new ScriptedConversation(this, socket).run();
        } catch (IOException e) {
            heard("lost");
        }
    }

    Script script() {
        return script;
    }

    Optional<SSLContext> tls() {
        return Optional.ofNullable(tls);
    }

    Stream<String> extensions() {
        return extensions.stream();
    }

    void heard(String command) {
        commands.add(command);
    }

    void took(String mail) {
        mails.add(mail);
    }

    void awaitOthers() {
        try {
            together.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("the others did not come", e);
        }
    }

    void awaitClose() {
        try {
            if (!closed.await(60, TimeUnit.SECONDS)) {
                throw new UncheckedIOException(new IOException("nobody closed the server"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        hangUp();
    }
}
