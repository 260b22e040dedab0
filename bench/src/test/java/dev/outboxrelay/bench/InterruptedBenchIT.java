package dev.outboxrelay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bench as a process of its own, as its user has it. */
final class InterruptedBenchIT {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final int ENDED_BY_SIGINT = 130;

    @Test
    void a_peer_that_is_killed_is_left_out_and_ctrl_c_ends_all_that_was_started() throws Exception {
        try (ChildProcess bench = Jvm.of(
                        "bench",
                        Bench.class.getName(),
                        "relay",
                        "--brief",
                        "--rows=100",
                        "--rounds=1000",
                        "--peers=binlog-client")
                .start()) {
            ProcessHandle process = ProcessHandle.of(bench.pid()).orElseThrow();
            assertThat(Wait.upTo(SOON, GLANCE, () -> {
                        process.descendants()
                                .filter(child -> isPeer(child.pid()))
                                .forEach(ProcessHandle::destroyForcibly);
                        return bench.output().contains("binlog-client is left out from now on");
                    }))
                    .as(bench::output)
                    .isTrue();
            assertThat(Wait.upTo(SOON, GLANCE, () -> bench.output().contains("round 2: outbox-relay")))
                    .as(bench::output)
                    .isTrue();
            List<ProcessHandle> started = process.descendants().toList();
            assertThat(started).isNotEmpty();

            new ProcessBuilder("kill", "-INT", Long.toString(bench.pid()))
                    .start()
                    .waitFor();

            assertThat(bench.awaitExit(SOON)).as(bench::output).isEqualTo(ENDED_BY_SIGINT);
            assertThat(Wait.upTo(SOON, GLANCE, () -> started.stream().noneMatch(ProcessHandle::isAlive)))
                    .as("what still runs")
                    .isTrue();
            assertThat(bench.output()).doesNotContain("could not be measured", "Exception");
        }
    }

    private static boolean isPeer(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .contains("BinlogClientPeer");
        } catch (NoSuchFileException ended) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what process " + pid + " is", e);
        }
    }
}
