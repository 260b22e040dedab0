package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetachedDemoTest {

    @TempDir
    Path checkout;

    @Test
    void what_a_killed_demo_left_does_not_count_as_running() throws IOException {
        DetachedDemo demo = DetachedDemo.of(new Home(checkout));
        Files.writeString(demo.directory().resolve("lock"), "");
        Files.writeString(demo.directory().resolve("pid"), "1");

        assertThat(demo.isRunning()).isFalse();
    }

    @Test
    void it_runs_while_its_claim_is_held_and_is_ready_only_once_it_says_so() {
        DetachedDemo demo = DetachedDemo.of(new Home(checkout));

        try (DetachedDemo.Claim claim = demo.claim().orElseThrow()) {
            assertThat(claim.channel().isOpen()).isTrue();
            assertThat(demo.isRunning()).isTrue();
            assertThat(demo.exportLines()).isEmpty();
            demo.ready("export A='b'\n", "placed=1\n", 0);
            assertThat(demo.exitCode()).contains(0);
            assertThat(demo.exportLines()).contains("export A='b'\n");
            assertThat(demo.process().map(ProcessHandle::pid))
                    .contains(ProcessHandle.current().pid());
        }

        assertThat(demo.isRunning()).isFalse();
    }

    @Test
    void nobody_else_can_read_the_passwords_that_it_leaves() throws IOException {
        DetachedDemo demo = DetachedDemo.of(new Home(checkout));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(demo.directory())))
                .isEqualTo("rwx------");
    }
}
