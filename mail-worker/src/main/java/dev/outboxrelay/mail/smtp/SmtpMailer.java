package dev.outboxrelay.mail.smtp;

import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.Mailer;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.SendOutcome;
import dev.outboxrelay.mail.settings.InvalidSettingsException;
import dev.outboxrelay.mail.settings.LetterSettings;
import dev.outboxrelay.mail.settings.SmtpSettings;
import dev.outboxrelay.mail.smtp.SmtpConnection.BusyException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.util.StreamProvider;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.jspecify.annotations.Nullable;

/** {@link Mailer} over kept SMTP connections. */
public final class SmtpMailer implements Mailer, AutoCloseable {
    static {
        // Jakarta Mail otherwise looks through all jars for it, several times per mail: 40 % of the time that one
        // takes.
        String provider = StreamProvider.class.getName();
        if (System.getProperty(provider) == null) {
            System.setProperty(provider, MailStreamProvider.class.getName());
        }
    }

    private final SmtpSettings settings;
    private final LetterSettings letters;
    private final Clock clock;
    private final SmtpPool pool;
    private final Pace pace;
    private final Timer timer;
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "smtp-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Opens no connection before the first mail.
     *
     * @param tls for STARTTLS or TLS; null trusts what the JVM trusts
     * @throws InvalidSettingsException if no mail could be sent by these names
     */
    public SmtpMailer(
            SmtpSettings settings,
            LetterSettings letters,
            @Nullable SSLSocketFactory tls,
            MeterRegistry meters,
            Clock clock) {
        List<String> problems = Mail.problems(letters);
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        this.settings = settings;
        this.letters = letters;
        this.clock = clock;
        this.pool = new SmtpPool(settings, tls, deadlines);
        this.pace = new Pace(settings.rate());
        deadlines.setRemoveOnCancelPolicy(true); // a mail that was sent in time leaves nothing behind
        this.timer = Timer.builder("mail.worker.smtp")
                .description("One mail at the mail server, opening a connection included where one was opened")
                .publishPercentileHistogram()
                .register(meters);
        Gauge.builder("mail.worker.smtp.connections", pool, SmtpPool::size).register(meters);
        Gauge.builder("mail.worker.smtp.idle", pool, SmtpPool::idle).register(meters);
        long sweep = Math.max(1, settings.maxIdle().toMillis() / 2);
        var unused = deadlines.scheduleWithFixedDelay(pool::closeOld, sweep, sweep, TimeUnit.MILLISECONDS);
    }

    @Override
    public Sending prepare(Letter letter) {
        try {
            Mail mail = Mail.of(letter, letters, clock.instant());
            return endNanos -> send(mail, endNanos);
        } catch (MessagingException e) {
            return endNanos -> new SendOutcome.Refused(ParkReason.BAD_ADDRESS, String.valueOf(e.getMessage()));
        }
    }

    private SendOutcome send(Mail mail, long endNanos) throws InterruptedException {
        if (!pace.await(endNanos) || endNanos - System.nanoTime() <= 0) {
            return new SendOutcome.Throttled("no turn within the lease");
        }
        long end = System.nanoTime() + settings.deadline().toNanos();
        SendOutcome outcome =
                Objects.requireNonNull(timer.record(() -> deliver(mail, endNanos - end < 0 ? endNanos : end)));
        if (outcome instanceof SendOutcome.Accepted) {
            pace.taken();
        } else if (outcome instanceof SendOutcome.Throttled) {
            pace.slowDown();
        }
        return outcome;
    }

    /**
     * A kept connection may turn out to be closed, or to be one over which the server takes no more: nothing was sent then,
     * and the mail goes over a new one.
     */
    private SendOutcome deliver(Mail mail, long endNanos) {
        try {
            SmtpConnection kept = pool.borrow(endNanos);
            SendOutcome outcome = over(kept, mail, endNanos);
            return kept.wasKept() && kept.wasOver() && endNanos - System.nanoTime() >= 0
                    ? over(pool.open(endNanos), mail, endNanos)
                    : outcome;
        } catch (BusyException e) {
            return pool.size() > 0
                    ? new SendOutcome.Throttled("no further connection: " + e.getMessage())
                    : new SendOutcome.Unavailable(describe(e));
        } catch (MessagingException e) {
            return new SendOutcome.Unavailable(describe(e));
        }
    }

    private SendOutcome over(SmtpConnection connection, Mail mail, long endNanos) {
        try {
            return connection.send(mail, endNanos, deadlines);
        } finally {
            pool.giveBack(connection);
        }
    }

    /** Why no mail can be sent at present, tried out with a connection within the deadline of a mail. */
    public Optional<String> obstacle() {
        long endNanos = System.nanoTime() + settings.deadline().toNanos();
        try {
            while (true) {
                SmtpConnection connection = pool.borrow(endNanos);
                boolean kept = connection.wasKept();
                boolean answers = connection.answers(endNanos, deadlines);
                pool.giveBack(connection);
                if (answers || !kept) {
                    return answers ? Optional.empty() : Optional.of(where() + " closed the connection");
                }
            }
        } catch (MessagingException e) {
            return Optional.of(describe(e));
        }
    }

    private String describe(MessagingException e) {
        return e instanceof AuthenticationFailedException
                ? where() + " refused the login: " + Replies.text(e)
                : where() + " cannot be used: " + Replies.text(e);
    }

    private String where() {
        return "the mail server " + settings.host() + ":" + settings.port();
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        pool.close();
    }
}
