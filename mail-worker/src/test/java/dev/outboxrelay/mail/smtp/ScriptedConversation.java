package dev.outboxrelay.mail.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One connection of a {@link ScriptedSmtp}, from its greeting to its end. Belongs to one thread. */
final class ScriptedConversation {
    private static final long DRIP_MILLIS = 20;

    private final ScriptedSmtp server;
    private Socket socket;
    private BufferedReader in;
    private boolean encrypted;
    private boolean isGo;

    ScriptedConversation(ScriptedSmtp server, Socket socket) throws IOException {
        this.server = server;
        this.socket = socket;
        this.in = reader(socket);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    void run() throws IOException {
        server.heard("greeting");
        if (!say("greeting", "220 scripted")) {
            return;
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            server.heard(line);
            String verb = ScriptedSmtp.verb(line);
            if (!say(verb, usual(verb)) || !follow(verb) || verb.equals("QUIT")) {
                return;
            }
        }
    }

    /** What comes after a reply that lets it come; false where the connection ends with it. */
    private boolean follow(String verb) throws IOException {
        if (!isGo) {
            return true;
        }
        return switch (verb) {
            case "STARTTLS" -> encrypt();
            case "DATA" -> {
                server.took(mail());
                server.heard(".");
                yield say(".", "250 2.0.0 taken");
            }
            default -> true;
        };
    }

    /** False where it was scripted that there be no handshake. */
    private boolean encrypt() throws IOException {
        SSLContext tls = server.tls().orElseThrow();
        server.heard("handshake");
        if (!act(server.script().next("handshake", ""))) {
            return false;
        }
        SSLSocket above = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        above.setUseClientMode(false);
        above.startHandshake();
        socket = above;
        in = reader(above);
        encrypted = true;
        return true;
    }

    private boolean say(String command, String usual) throws IOException {
        String reply = server.script().next(command, usual);
        if (!act(reply)) {
            return false;
        }
        String told = reply.equals(Script.TOGETHER) ? usual : reply;
        isGo = told.startsWith("354") || told.startsWith("220");
        String line = told.replace(Script.LEAVE, "").replace(Script.RESET, "");
        write(line + "\r\n");
        if (told.equals(Script.DEAF)) {
            server.awaitClose();
            return false;
        }
        if (told.endsWith(Script.RESET)) {
            socket.setSoLinger(true, 0);
        }
        return line.equals(told);
    }

    /** What is done instead of, or before, a reply; false where there is to be none. */
    private boolean act(String reply) throws IOException {
        switch (reply) {
            case Script.HANG -> server.awaitClose();
            case Script.DRIP -> drip();
            case Script.TOGETHER -> server.awaitOthers();
            default -> {}
        }
        return !List.of(Script.CUT, Script.HANG, Script.DRIP).contains(reply);
    }

    /** A line without an end. */
    private void drip() throws IOException {
        try {
            while (true) {
                write("2");
                Thread.sleep(DRIP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private String usual(String verb) {
        return switch (verb) {
            case "EHLO" -> extensions();
            case "STARTTLS" -> "220 2.0.0 go ahead";
            case "AUTH" -> "235 2.7.0 welcome";
            case "DATA" -> "354 go ahead";
            case "QUIT" -> "221 bye";
            default -> "250 2.0.0 ok";
        };
    }

    /** RFC 3207, 4.2: STARTTLS is not offered once more. */
    private String extensions() {
        Stream<String> startTls = server.tls().isPresent() && !encrypted ? Stream.of("STARTTLS") : Stream.of();
        return "250-scripted\r\n"
                + Stream.concat(startTls, server.extensions())
                        .map(one -> "250-" + one + "\r\n")
                        .collect(Collectors.joining())
                + "250 8BITMIME";
    }

    private String mail() throws IOException {
        StringBuilder mail = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            mail.append(line).append("\r\n");
        }
        return mail.toString();
    }
}
