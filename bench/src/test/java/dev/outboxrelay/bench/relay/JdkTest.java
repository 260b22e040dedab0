package dev.outboxrelay.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JdkTest {

    @TempDir
    private Path directory;

    @Test
    void a_jdk_that_is_too_old_or_none_at_all_is_passed_over() throws IOException {
        Path old = installed("17.0.12");
        Path none = Files.createDirectories(directory.resolve("none"));
        Path recent = installed("25");

        assertThat(Jdk.firstOf(List.of(old, none, recent), 21).orElseThrow().java())
                .isEqualTo(recent.resolve("bin/java"));
        assertThat(Jdk.firstOf(List.of(old, none), 21)).isEmpty();
    }

    private Path installed(String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve(version));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
        return home;
    }
}
