package dev.outboxrelay.bench.mail;

import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.local.ChildProcess;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * The ceiling of the wire: Postfix's load generator with as many sessions, and nothing durable.
 *
 * @param bytes of each mail
 */
record SmtpSource(Postfix postfix, int bytes) {

    private static final Duration WITHIN = Duration.ofMinutes(2);

    Map<Metric, Double> run(MailServer server, int sessions, int mails) {
        ChildProcess.Builder program = postfix.program("smtp-source", "-d")
                .args("-s", Integer.toString(sessions))
                .args("-m", Integer.toString(mails))
                .args("-l", Integer.toString(bytes))
                .args("-f", "orders@localhost")
                .args("-t", "customer@example.com")
                .args(server.host() + ":" + server.port());
        long before = server.count();
        long begun = System.nanoTime();
        try (ChildProcess process = program.start()) {
            if (process.awaitExit(WITHIN) != 0) {
                throw new IllegalStateException("smtp-source failed: " + process.output());
            }
        }
        Map<Metric, Double> sample = new EnumMap<>(Metric.class);
        sample.put(Metric.MAILS_PER_S, mails / ((System.nanoTime() - begun) / 1e9));
        sample.put(Metric.SENT, (double) (server.count() - before));
        return sample;
    }
}
