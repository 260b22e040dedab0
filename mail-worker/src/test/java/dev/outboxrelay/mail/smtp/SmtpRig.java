package dev.outboxrelay.mail.smtp;

import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.settings.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** A scripted mail server, and mailers that know it; all closed after each test. */
final class SmtpRig implements AfterEachCallback {
    private final ScriptedSmtp server;
    private final List<AutoCloseable> open = new ArrayList<>();

    SmtpRig() {
        this(ServerSocketFactory.getDefault());
    }

    SmtpRig(ServerSocketFactory sockets) {
        try {
            server = new ScriptedSmtp(sockets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.add(server);
    }

    ScriptedSmtp server() {
        return server;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    SmtpMailer mailer(String... more) {
        return mailer(null, more);
    }

    SmtpMailer mailer(@Nullable SSLSocketFactory tls, String... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.datasource.url", "jdbc:mysql://unused/mail");
        properties.put("spring.mail.host", "127.0.0.1");
        properties.put("spring.mail.port", server.port());
        properties.put("spring.mail.username", "shop");
        properties.put("spring.mail.password", "secret");
        properties.put("spring.mail.properties.mail.smtp.starttls.required", "false");
        properties.put("mail-worker.from", "Tea House <orders@tea.example>");
        for (String one : more) {
            properties.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        WorkerSettings settings = WorkerSettings.read(environment);
        SmtpMailer mailer =
                new SmtpMailer(settings.smtp(), settings.letter(), tls, new SimpleMeterRegistry(), Clock.systemUTC());
        open.add(mailer);
        return mailer;
    }

    /** Sends a mail at which the server is to be busy; returns when it is at MAIL. */
    Thread sending(SmtpMailer mailer) {
        Thread busy = new Thread(() -> {
            try {
                mailer.prepare(letter()).send(soon());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.start();
        Awaitility.await().until(() -> server.count("MAIL") == 1);
        return busy;
    }

    static Letter letter() {
        return letter("a@example.com");
    }

    static Letter letter(String to) {
        return new Letter("event-1", to, "您的订单", "文本", "<p>文本</p>", Optional.empty(), Map.of("X-Order-Id", "4711"));
    }

    static long soon() {
        return System.nanoTime() + Duration.ofSeconds(20).toNanos();
    }
}
