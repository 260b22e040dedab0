package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeathOfTheJvmIT {

    @TempDir
    Path directory;

    @Test
    void servers_die_with_the_jvm_that_started_them_however_it_dies() {
        try (ChildProcess jvm = ChildProcess.java(
                        "leaver",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeavesServersBehind.class.getName(),
                        directory.toString())
                .start()) {
            await().atMost(Duration.ofSeconds(90)).until(() -> jvm.output().contains("pids ") || !jvm.isRunning());
            List<Long> pids = Arrays.stream(jvm.output()
                            .substring(jvm.output().indexOf("pids ") + 5)
                            .trim()
                            .split(" "))
                    .map(Long::valueOf)
                    .toList();
            assertThat(pids).hasSize(3).allMatch(DeathOfTheJvmIT::isRunning);

            jvm.kill();

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(pids).noneMatch(DeathOfTheJvmIT::isRunning));
        }
    }

    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid)
                .map(OsProcess::of)
                .filter(OsProcess::isRunning)
                .isPresent();
    }
}
