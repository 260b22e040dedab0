package dev.outboxrelay.bench.load;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Jvm;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.local.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process of load, which works when it is told to; it stays in between, so that it is warm once it has warmed up. */
public final class LoadProcess implements AutoCloseable {

    private static final Duration SLACK = Duration.ofMinutes(2);
    private static final double MICROS = 1e6;
    private static final double MICROS_PER_MILLI = 1e3;

    private final LoadKind kind;
    private final ChildProcess process;
    private final Socket control;
    private final BufferedReader answers;

    private LoadProcess(LoadKind kind, ChildProcess process, Socket control) throws IOException {
        this.kind = kind;
        this.process = process;
        this.control = control;
        this.answers = new BufferedReader(new InputStreamReader(control.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** For how long it works: before it counts, and then measured. */
    public record Phases(Duration warmUp, Duration measured) {}

    /**
     * Starts it.
     *
     * @param schema that it works in
     * @throws IllegalStateException if it ends at once; with what it wrote
     */
    public static LoadProcess start(Bed bed, String schema, LoadKind kind, Map<String, String> environment) {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout((int) SLACK.toMillis());
            ChildProcess process = Jvm.of(kind.name().toLowerCase(Locale.ROOT), LoadMain.class.getName(), kind.name())
                    .env("BENCH_CONTROL_PORT", server.getLocalPort())
                    .env("BENCH_MYSQL_URL", bed.mysql().jdbcUrl(schema))
                    .env("BENCH_MYSQL_PASSWORD", bed.mysql().rootPassword())
                    .env("BENCH_MYSQL_PID", bed.mysql().pid())
                    .env(environment)
                    .start();
            return new LoadProcess(kind, process, server.accept());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + kind, e);
        }
    }

    /**
     * Lets so many workers work.
     *
     * @param rate the metric under which their rate goes
     * @throws IllegalStateException if anything failed in it; with what it wrote
     */
    public Map<Metric, Double> run(Metric rate, int workers, Phases phases) {
        return sample(rate, ask(new LoadOrder(workers, phases.warmUp(), phases.measured())));
    }

    private JsonNode ask(LoadOrder order) {
        try {
            control.setSoTimeout(
                    (int) order.warmUp().plus(order.measured()).plus(SLACK).toMillis());
            control.getOutputStream().write((order.line() + "\n").getBytes(StandardCharsets.US_ASCII));
            @Nullable String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException(kind + " failed: " + process.output());
            }
            return new JsonMapper().readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(kind + " does not answer: " + process.output(), e);
        }
    }

    private static Map<Metric, Double> sample(Metric rate, JsonNode found) {
        double done = found.path("done").asDouble();
        if (done < 1) {
            throw new IllegalStateException("Nothing was finished within the measured time");
        }
        Map<Metric, Double> sample = new EnumMap<>(Metric.class);
        sample.put(rate, done / found.path("seconds").asDouble());
        sample.put(Metric.P50_MS, found.path("p50_micros").asDouble() / MICROS_PER_MILLI);
        sample.put(Metric.P99_MS, found.path("p99_micros").asDouble() / MICROS_PER_MILLI);
        sample.put(Metric.MAX_MS, found.path("max_micros").asDouble() / MICROS_PER_MILLI);
        sample.put(Metric.CPU_US_EACH, found.path("cpu_seconds").asDouble() * MICROS / done);
        sample.put(Metric.MYSQL_CPU_US_EACH, found.path("mysql_cpu_seconds").asDouble() * MICROS / done);
        sample.put(Metric.PEAK_RSS_MB, found.path("peak_rss_mb").asDouble());
        return sample;
    }

    /** Ends it. */
    @Override
    public void close() {
        process.close();
        try {
            control.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the connection to " + kind, e);
        }
    }
}
