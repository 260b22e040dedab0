package dev.outboxrelay.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outboxrelay.local.ReceivedMail;
import dev.outboxrelay.local.SmtpSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the SMTP sink has received, on loopback: a page at {@code /}, the same as JSON at {@code /mails.json} (all of them,
 * or those of one order with {@code ?order=ID}).
 */
final class MailPage implements AutoCloseable {

    private static final int SHOWN = 200;
    private static final JsonMapper JSON = new JsonMapper();

    private final SmtpSink sink;
    private final HttpServer server;
    private final ExecutorService threads;

    private MailPage(SmtpSink sink, HttpServer server) {
        this.sink = sink;
        this.server = server;
        this.threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "mail-page");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Serves on a free port until closed. */
    static MailPage of(SmtpSink sink) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            MailPage page = new MailPage(sink, server);
            server.createContext("/", page::page);
            server.createContext("/mails.json", page::json);
            server.setExecutor(page.threads);
            server.start();
            return page;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot serve the page of mails on 127.0.0.1", e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void page(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals("/")) {
            answer(exchange, 404, "text/plain", "Not found\n");
            return;
        }
        List<ReceivedMail> mails = sink.mails();
        StringBuilder html = new StringBuilder("""
                <!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
                <title>Mails received</title><style>
                :root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{margin:2rem auto;max-width:72rem;padding:0 1rem}
                table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884}
                td:last-child{font-family:ui-monospace,monospace;font-size:.85em}</style>
                """);
        html.append("<h1>").append(mails.size()).append(" mails received</h1>");
        html.append("<table><tr><th>Received (UTC)<th>To<th>Subject<th>Order");
        for (int i = mails.size() - 1; i >= Math.max(0, mails.size() - SHOWN); i--) {
            ReceivedMail mail = mails.get(i);
            html.append("<tr><td>").append(mail.receivedAt());
            html.append("<td>").append(escape(String.join(", ", mail.recipients())));
            html.append("<td>").append(escape(mail.subject()));
            html.append("<td>").append(escape(OrderMails.orderId(mail)));
        }
        answer(exchange, 200, "text/html", html.append("</table></html>\n").toString());
    }

    private void json(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        List<Map<String, Object>> mails = sink.mails().stream()
                .filter(mail -> query == null || query.equals("order=" + OrderMails.orderId(mail)))
                .map(MailPage::describe)
                .toList();
        answer(exchange, 200, "application/json", JSON.writeValueAsString(mails));
    }

    private static Map<String, Object> describe(ReceivedMail mail) {
        return Map.of(
                "receivedAt", mail.receivedAt().toString(),
                "orderId", OrderMails.orderId(mail),
                "recipients", mail.recipients(),
                "subject", mail.subject(),
                "text", mail.textBody());
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
