package dev.outboxrelay.bench;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A little of each part, on real servers. What is asserted is what came, never how fast. */
final class BenchIT {

    @TempDir
    private Path results;

    @Test
    void each_part_measures_all_of_its_candidates_loses_nothing_and_writes_its_results() throws Exception {
        String json = bench(
                "all",
                "--brief",
                "--rows=100",
                "--rounds=1",
                "--rate=50",
                "--peers=binlog-client",
                "--results=" + results,
                "--output=json");

        Map<String, List<JsonNode>> lines = json.lines()
                .map(line -> new JsonMapper().readTree(line))
                .collect(groupingBy(line -> line.path("bench").asString()));
        assertThat(lines.keySet()).containsExactlyInAnyOrder("relay", "latency", "growth", "orders", "mail");
        assertThat(candidates(lines, "relay")).containsExactly("outbox-relay", "binlog-client");
        assertThat(candidates(lines, "latency")).containsExactly("outbox-relay", "binlog-client");
        assertThat(candidates(lines, "growth")).containsExactly("100 messages");
        assertThat(candidates(lines, "orders")).containsExactly("order-app", "bare-jdbc");
        assertThat(candidates(lines, "mail")).contains("mail-worker", "connection-per-mail");
        assertThat(json.lines().map(line -> new JsonMapper().readTree(line))).allSatisfy(line -> {
            assertThat(line.path("missing").asInt()).isZero();
            assertThat(line.path("duplicates").asInt()).isZero();
        });
        assertThat(lines.get("latency"))
                .allSatisfy(line -> assertThat(line.path("sent").asInt()).isEqualTo(50));
        assertThat(Files.readString(results.resolve("RESULTS.md")))
                .contains("## relay", "## latency", "## growth", "## orders", "## mail")
                .contains("order-app beside bare-jdbc: orders/s ")
                .doesNotContain("Not measured");
        assertThat(Files.readString(results.resolve("charts/orders-rate.svg"))).contains("bare-jdbc");
    }

    private static List<String> candidates(Map<String, List<JsonNode>> lines, String bench) {
        return lines.getOrDefault(bench, List.of()).stream()
                .map(line -> line.path("candidate").asString())
                .toList();
    }

    private static String bench(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            assertThat(Bench.commandLine().execute(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return written.toString(StandardCharsets.UTF_8);
    }
}
