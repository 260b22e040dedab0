package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoIT {

    private static final Path ROOT = Home.find().root();
    private static final Pattern DIRECTORY = Pattern.compile("mail server under (\\S+)");

    @Test
    void ctrl_c_ends_every_process_and_deletes_what_was_made() {
        try (ChildProcess demo = ChildProcess.command(
                        "demo", ROOT.resolve("bin/demo").toString(), "--orders", "1")
                .start()) {
            await().atMost(Duration.ofMinutes(3))
                    .untilAsserted(() -> assertThat(demo.output()).contains("Press Ctrl-C"));
            assertThat(demo.output()).contains("placed=1 mailed=1 lost=0 duplicated=0");
            List<ProcessHandle> all =
                    ProcessHandle.of(demo.pid()).orElseThrow().descendants().toList();
            assertThat(all).as("MySQL, RabbitMQ and three applications").hasSizeGreaterThanOrEqualTo(5);

            assertThat(Shell.run(ROOT, Map.of(), "sh", "-c", "kill -INT " + demo.pid())
                            .exitCode())
                    .isZero();

            demo.awaitExit(Duration.ofMinutes(1));
            await().atMost(Duration.ofSeconds(20)).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(directory(demo.output())).doesNotExist();
        }
    }

    private static Path directory(String output) {
        Matcher directory = DIRECTORY.matcher(output);
        assertThat(directory.find()).isTrue();
        return Path.of(directory.group(1));
    }
}
