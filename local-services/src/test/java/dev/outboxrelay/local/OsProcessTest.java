package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class OsProcessTest {

    @Test
    void a_process_id_that_was_given_to_another_process_is_not_ours() {
        try (ChildProcess child = ChildProcess.command("sleeper", "sleep", "60").start()) {
            OsProcess known = OsProcess.of(ProcessHandle.of(child.pid()).orElseThrow());
            assertThat(OsProcess.find(child.pid(), known.startedAt())).isPresent();
            assertThat(OsProcess.find(child.pid(), known.startedAt().minusSeconds(60)))
                    .isEmpty();
        }
    }

    @Test
    void a_child_that_will_not_end_is_killed() {
        ChildProcess child = ChildProcess.command("stubborn", "sh", "-c", "trap '' TERM; while :; do sleep 0.05; done")
                .start();
        OsProcess.of(ProcessHandle.of(child.pid()).orElseThrow()).stop(Duration.ofMillis(300));
        assertThat(child.isRunning()).isFalse();
        assertThat(child.awaitExit(Duration.ofSeconds(5))).isEqualTo(128 + 9);
    }

    @Test
    void the_exit_code_the_environment_and_the_output_of_a_child_can_be_read() {
        ChildProcess child = ChildProcess.command("speaker", "sh", "-c", "echo $GREETING; exit 3")
                .env("GREETING", "你好")
                .start();
        assertThat(child.awaitExit(Duration.ofSeconds(10))).isEqualTo(3);
        assertThat(child.output()).isEqualTo("你好\n");
        child.kill();
        child.thaw();
        child.close();
    }

    @Test
    void a_child_that_ends_before_it_answers_is_an_error_with_its_log() {
        ChildProcess child = ChildProcess.command("short", "sh", "-c", "echo wrong configuration >&2; exit 1")
                .start();
        assertThatThrownBy(() ->
                        child.awaitHttpOk(URI.create("http://127.0.0.1:" + Ports.free() + "/"), Duration.ofSeconds(10)))
                .isInstanceOf(LocalServiceException.class)
                .hasMessageContaining("short ended")
                .hasMessageContaining("wrong configuration");
    }
}
