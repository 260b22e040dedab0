package dev.outboxrelay.bench.orders;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Part;
import dev.outboxrelay.bench.Setup;
import dev.outboxrelay.bench.Sql;
import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.load.LoadKind;
import dev.outboxrelay.bench.load.LoadProcess;
import dev.outboxrelay.bench.report.Figures;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.bench.report.Subject;
import dev.outboxrelay.demo.App;
import dev.outboxrelay.demo.SampleOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /v1/orders} at fixed numbers of connections, and the same rows by bare JDBC on as many connections. */
public final class OrdersPart implements Part {

    public static final String NAME = "orders";

    private static final String OURS = "order-app";
    private static final String CEILING = "bare-jdbc";
    private static final List<Integer> CONNECTIONS = List.of(1, 8, 32);
    private static final int SOME = 8;

    private static final LoadProcess.Phases WARM_UP =
            new LoadProcess.Phases(Duration.ofSeconds(30), Duration.ofSeconds(1));
    private static final LoadProcess.Phases FULL = new LoadProcess.Phases(Duration.ofSeconds(2), Duration.ofSeconds(8));
    private static final LoadProcess.Phases BRIEF =
            new LoadProcess.Phases(Duration.ofMillis(200), Duration.ofSeconds(1));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration estimate(Setup setup) {
        Duration each = FULL.warmUp().plus(FULL.measured()).plusSeconds(2);
        return each.multipliedBy(2L * CONNECTIONS.size() * setup.rounds())
                .plus(WARM_UP.warmUp().multipliedBy(2))
                .plusSeconds(30);
    }

    @Override
    public void measure(Bed bed, Setup setup, Figures figures, Words words) {
        App app = bed.pipeline().orderApp();
        words.say("starting order-app");
        long begun = System.nanoTime();
        app.start();
        double readyAfter = (System.nanoTime() - begun) / 1e9;
        Sql sql = new Sql(bed.mysql());
        String sample = bed.pipeline().orders().place(SampleOrder.number(1)).orderId();
        Map<String, String> jdbc = Map.of("BENCH_SAMPLE_ORDER", sample);
        try (LoadProcess ours = LoadProcess.start(bed, NAME, LoadKind.HTTP_ORDERS, http(bed, app));
                LoadProcess ceiling = LoadProcess.start(bed, NAME, LoadKind.JDBC_ORDERS, jdbc)) {
            LoadProcess.Phases phases = setup.brief() ? BRIEF : FULL;
            if (!setup.brief()) {
                words.say("warming up order-app, and then the bare loop as long");
                ours.run(Metric.ORDERS_PER_S, SOME, WARM_UP);
                ceiling.run(Metric.ORDERS_PER_S, SOME, WARM_UP);
            }
            for (int round = 1; round <= setup.rounds(); round++) {
                for (int connections : setup.brief() ? List.of(SOME) : CONNECTIONS) {
                    Map<Metric, Double> figure = measured(ours, sql, connections, phases);
                    figure.put(Metric.READY_S, readyAfter);
                    add(figures, words, round, connections, OURS, figure);
                    add(figures, words, round, connections, CEILING, measured(ceiling, sql, connections, phases));
                }
            }
        }
    }

    /** Every order has its event, whoever wrote it: counted, so that nobody is fast by leaving something out. */
    private static Map<Metric, Double> measured(LoadProcess load, Sql sql, int connections, LoadProcess.Phases phases) {
        Map<Metric, Double> sample = load.run(Metric.ORDERS_PER_S, connections, phases);
        sample.put(
                Metric.MISSING,
                Double.parseDouble(
                        sql.read("SELECT (SELECT COUNT(*) FROM orders.orders) - (SELECT COUNT(*) FROM orders.outbox"
                                + " WHERE CHAR_LENGTH(aggregateid) = 36)")));
        return sample;
    }

    private static void add(
            Figures figures, Words words, int round, int connections, String name, Map<Metric, Double> sample) {
        figures.add(new Subject(NAME, Map.of("connections", connections), name), round, sample);
        words.say("orders round %d: %s with %d connections, %.0f orders/s, p99 %.2f ms"
                .formatted(round, name, connections, sample.get(Metric.ORDERS_PER_S), sample.get(Metric.P99_MS)));
    }

    private static Map<String, String> http(Bed bed, App app) {
        Path order = bed.directory().resolve("order.json");
        try {
            Files.writeString(order, new JsonMapper().writeValueAsString(SampleOrder.number(1)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + order, e);
        }
        return Map.of(
                "BENCH_ORDERS_URL",
                bed.pipeline().orderApi().resolve("/v1/orders").toString(),
                "BENCH_ORDER_FILE",
                order.toString(),
                "BENCH_TOKEN",
                bed.pipeline().orderToken(),
                "BENCH_MEASURED_PID",
                Long.toString(app.pid()));
    }
}
