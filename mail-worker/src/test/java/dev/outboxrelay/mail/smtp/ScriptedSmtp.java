package dev.outboxrelay.mail.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;

/**
 * A mail server that says what it is told to: by default it takes everything; what was scripted for a command is said
 * instead, once for each time it was scripted. {@code "."} stands for the end of a mail and {@code "greeting"} for its own
 * first line.
 */
final class ScriptedSmtp implements AutoCloseable {
    private static final String CUT = "cut";
    private static final String HANG = "hang";
    private static final String TOGETHER = "together";
    private static final String LEAVE = "\u0000and leaves";
    private static final String RESET = "\u0000and resets";
    private static final String DEAF = "354 go ahead, but ";

    private final ServerSocket server;
    private final Map<String, Deque<String>> script = new ConcurrentHashMap<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ThreadLocal<Boolean> lastWasGo =
            ThreadLocal.withInitial(() -> false); // each connection has its thread
    private volatile CyclicBarrier together = new CyclicBarrier(1);
    private final List<String> extensions = new CopyOnWriteArrayList<>(List.of("AUTH PLAIN"));

    ScriptedSmtp(ServerSocketFactory sockets) throws IOException {
        server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    ScriptedSmtp says(String command, String... replies) {
        script.computeIfAbsent(command, any -> new ArrayDeque<>()).addAll(List.of(replies));
        return this;
    }

    /** Closes the connection instead of a reply. */
    ScriptedSmtp cutsAt(String command) {
        return says(command, CUT);
    }

    /** Replies, then closes the connection: as one that has read all, or as one that has not. */
    ScriptedSmtp leavesAfter(String command, String reply, boolean allRead) {
        return says(command, reply + (allRead ? LEAVE : RESET));
    }

    /** Says nothing at all and keeps the connection. */
    ScriptedSmtp hangsAt(String command) {
        return says(command, HANG);
    }

    /** Answers as it should once that many connections are at the command. */
    ScriptedSmtp waitsAt(String command, int connections) {
        together = new CyclicBarrier(connections);
        return says(command, Collections.nCopies(connections, TOGETHER).toArray(String[]::new));
    }

    /** Answers as it should, then reads nothing more and keeps the connection. */
    ScriptedSmtp stopsReadingAtData() {
        return says("DATA", DEAF);
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

    private static String verb(String line) {
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
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            commands.add("greeting");
            if (!say(socket, "greeting", "220 scripted")) {
                return;
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                String verb = verb(line);
                if (!say(socket, verb, usual(verb))) {
                    return;
                }
                if (verb.equals("DATA") && lastWasGo.get()) {
                    mails.add(mail(in));
                    commands.add(".");
                    if (!say(socket, ".", "250 2.0.0 taken")) {
                        return;
                    }
                }
                if (verb.equals("QUIT")) {
                    return;
                }
            }
        } catch (IOException e) {
            commands.add("lost");
        }
    }

    private boolean say(Socket socket, String command, String usual) throws IOException {
        Deque<String> scripted = script.getOrDefault(command, new ArrayDeque<>());
        String reply;
        synchronized (scripted) {
            reply = scripted.isEmpty() ? usual : scripted.remove();
        }
        if (reply.equals(CUT)) {
            return false;
        }
        if (reply.equals(HANG)) {
            await();
            return false;
        }
        if (reply.equals(TOGETHER)) {
            awaitOthers();
            reply = usual;
        }
        lastWasGo.set(reply.startsWith("354"));
        String line = reply.replace(LEAVE, "").replace(RESET, "");
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        if (reply.equals(DEAF)) {
            await();
            return false;
        }
        if (reply.endsWith(RESET)) {
            socket.setSoLinger(true, 0);
        }
        return line.equals(reply);
    }

    private void awaitOthers() {
        try {
            together.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("the others did not come", e);
        }
    }

    private void await() {
        try {
            if (!closed.await(60, TimeUnit.SECONDS)) {
                throw new UncheckedIOException(new IOException("nobody closed the server"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String usual(String verb) {
        return switch (verb) {
            case "EHLO" ->
                "250-scripted\r\n"
                        + extensions.stream().map(one -> "250-" + one + "\r\n").collect(Collectors.joining())
                        + "250 8BITMIME";
            case "AUTH" -> "235 2.7.0 welcome";
            case "DATA" -> "354 go ahead";
            case "QUIT" -> "221 bye";
            default -> "250 2.0.0 ok";
        };
    }

    private static String mail(BufferedReader in) throws IOException {
        StringBuilder mail = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            mail.append(line).append("\r\n");
        }
        return mail.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        hangUp();
    }
}
