package dev.outboxrelay.bench.load;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Jvm;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.local.ChildProcess;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts a process of load and reads what it found. */
public final class LoadProcess {

    private static final Duration SLACK = Duration.ofMinutes(2);
    private static final double MICROS = 1e6;
    private static final double MICROS_PER_MILLI = 1e3;

    private final Bed bed;
    private final String schema;

    /** @param schema that it works in */
    public LoadProcess(Bed bed, String schema) {
        this.bed = bed;
        this.schema = schema;
    }

    /** For how long it works: once to warm up, and then measured. */
    public record Phases(Duration warmUp, Duration measured) {}

    /**
     * Runs it to its end.
     *
     * @param rate the metric under which its rate goes
     * @throws IllegalStateException if anything failed in it; with what it wrote
     */
    public Map<Metric, Double> run(
            LoadKind kind, Metric rate, int workers, Phases phases, Map<String, String> environment) {
        ChildProcess.Builder builder = Jvm.of(
                        kind.name().toLowerCase(Locale.ROOT), LoadMain.class.getName(), kind.name())
                .env("BENCH_WORKERS", workers)
                .env("BENCH_WARM_UP_MILLIS", phases.warmUp().toMillis())
                .env("BENCH_MEASURED_MILLIS", phases.measured().toMillis())
                .env("BENCH_MYSQL_URL", bed.mysql().jdbcUrl(schema))
                .env("BENCH_MYSQL_PASSWORD", bed.mysql().rootPassword())
                .env("BENCH_MYSQL_PID", bed.mysql().pid())
                .env(environment);
        try (ChildProcess process = builder.start()) {
            Duration limit = phases.warmUp().plus(phases.measured()).plus(SLACK);
            if (process.awaitExit(limit) != 0) {
                throw new IllegalStateException(kind + " failed: " + process.output());
            }
            return sample(rate, lastLine(process.output()));
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

    private static JsonNode lastLine(String output) {
        String[] lines = output.strip().split("\n", -1);
        return new JsonMapper().readTree(lines[lines.length - 1]);
    }
}
