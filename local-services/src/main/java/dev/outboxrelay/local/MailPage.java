package dev.outboxrelay.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The mails of a mailbox over HTTP, for a browser and for programs. Answers only requests made to loopback by name. */
final class MailPage {

    private static final Pattern ONE_MAIL = Pattern.compile("/mails/(\\d{1,18})");
    private static final Pattern AFTER = Pattern.compile("after=(\\d{1,18})");
    private static final Set<String> OUR_NAMES = Set.of("127.0.0.1", "localhost");
    private static final String SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    private final Mailbox mailbox;

    private MailPage(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    /** Serves until the JVM ends. */
    static void serve(Mailbox mailbox, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                new MailPage(mailbox).answer(exchange).send(exchange);
            }
        });
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Answer(int status, String type, byte[] body) {

        static Answer text(int status, String type, String body) {
            return new Answer(status, type + "; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
        }

        void send(HttpExchange exchange) throws IOException {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Content-Security-Policy", SECURITY_POLICY);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) {
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse("");
        if (!OUR_NAMES.contains(host.replaceFirst(":\\d+$", ""))) {
            // A page elsewhere whose name was made to point here must not read the mails.
            return Answer.text(403, "text/plain", "Ask for 127.0.0.1 or localhost\n");
        }
        String path = exchange.getRequestURI().getPath();
        Matcher one = ONE_MAIL.matcher(path);
        return switch (exchange.getRequestMethod() + " " + (one.matches() ? "/mails/N" : path)) {
            case "GET /" -> Answer.text(200, "text/html", MailListing.html(mailbox.after(0)));
            case "GET /mails" -> Answer.text(200, "application/json", MailListing.json(listed(exchange)));
            case "GET /mails/N" -> source(Long.parseLong(one.group(1)));
            case "DELETE /mails" -> clear();
            default -> Answer.text(404, "text/plain", "Not found\n");
        };
    }

    private List<Mailbox.Numbered> listed(HttpExchange exchange) {
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        Matcher after = AFTER.matcher(query);
        return mailbox.after(after.find() ? Long.parseLong(after.group(1)) : 0);
    }

    private Answer source(long number) {
        return mailbox.get(number)
                .map(mail -> new Answer(200, "text/plain", mail.raw()))
                .orElseGet(() -> Answer.text(404, "text/plain", "No mail has that number\n"));
    }

    private Answer clear() {
        mailbox.clear();
        return new Answer(204, "text/plain", new byte[0]);
    }
}
