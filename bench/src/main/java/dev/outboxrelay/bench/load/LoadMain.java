package dev.outboxrelay.bench.load;

import dev.outboxrelay.bench.ProcessUsage;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.json.JsonMapper;

/** A process of load: does what it is told to, answers each time with what it found, and ends when nobody is left to tell it. */
public final class LoadMain {

    private static final double P50 = 50;
    private static final double P99 = 99;

    private LoadMain() {}

    /** @param args the name of a {@link LoadKind} */
    public static void main(String[] args) throws Exception {
        LoadKind kind = LoadKind.valueOf(args[0]);
        LoadSettings settings = LoadSettings.ofThisProcess();
        try (Socket control = new Socket(InetAddress.getLoopbackAddress(), settings.controlPort());
                BufferedReader orders = new BufferedReader(
                        new InputStreamReader(control.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                Map<String, Object> found = carryOut(kind, settings, LoadOrder.parse(line));
                String answer = new JsonMapper().writeValueAsString(found) + "\n";
                control.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static Map<String, Object> carryOut(LoadKind kind, LoadSettings settings, LoadOrder order)
            throws Exception {
        Watch watch = new Watch(settings.measuredPid(), settings.mysqlPid());
        ClosedLoop loop = new ClosedLoop(() -> work(kind, settings), order.workers());
        Histogram micros = loop.run(order.warmUp(), order.measured(), watch);
        Map<String, Object> found = new LinkedHashMap<>(watch.found());
        found.put("done", micros.getTotalCount());
        found.put("p50_micros", micros.getValueAtPercentile(P50));
        found.put("p99_micros", micros.getValueAtPercentile(P99));
        found.put("max_micros", micros.getMaxValue());
        return found;
    }

    private static Work work(LoadKind kind, LoadSettings settings) throws Exception {
        return switch (kind) {
            case HTTP_ORDERS -> HttpOrders.connect(settings);
            case JDBC_ORDERS -> JdbcOrders.connect(settings);
            case DURABLE_MAILS -> DurableMails.connect(settings);
            case MAILS_BY_CONNECTION -> MailsByConnection.of(settings);
        };
    }

    /** Time and CPU within the measured time. */
    private static final class Watch implements ClosedLoop.Edges {
        private final long pid;
        private final long mysqlPid;
        private double nanos;
        private double cpu;
        private double mysqlCpu;

        private Watch(long pid, long mysqlPid) {
            this.pid = pid;
            this.mysqlPid = mysqlPid;
        }

        @Override
        public void begin() {
            ProcessUsage.forgetPeakRss(pid);
            cpu = ProcessUsage.cpuSeconds(pid);
            mysqlCpu = ProcessUsage.cpuSeconds(mysqlPid);
            nanos = System.nanoTime();
        }

        @Override
        public void end() {
            nanos = System.nanoTime() - nanos;
            cpu = ProcessUsage.cpuSeconds(pid) - cpu;
            mysqlCpu = ProcessUsage.cpuSeconds(mysqlPid) - mysqlCpu;
        }

        private Map<String, Object> found() {
            return Map.of(
                    "seconds",
                    nanos / 1e9,
                    "cpu_seconds",
                    cpu,
                    "mysql_cpu_seconds",
                    mysqlCpu,
                    "peak_rss_mb",
                    ProcessUsage.peakRssMb(pid));
        }
    }
}
