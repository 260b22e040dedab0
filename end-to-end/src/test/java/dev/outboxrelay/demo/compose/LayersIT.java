package dev.outboxrelay.demo.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Dockerfiles do after the build, done here. */
class LayersIT {

    private static final Pattern COPIED = Pattern.compile("COPY --from=layers /layers/(\\S+)/ ");

    @ParameterizedTest
    @ValueSource(strings = {"order-app", "outbox-relay", "mail-worker"})
    void the_layers_that_an_image_copies_are_those_that_the_jar_has(String app, @TempDir Path directory)
            throws IOException {
        Path module = Home.find().root().resolve(app);
        Shell extracted = Shell.run(
                directory,
                Map.of(),
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Djarmode=tools",
                "-jar",
                module.resolve("target/" + app + ".jar").toString(),
                "extract",
                "--layers",
                "--destination",
                "layers");
        assertThat(extracted.exitCode()).as(extracted.output()).isZero();

        try (var made = Files.list(directory.resolve("layers"))) {
            assertThat(COPIED.matcher(Files.readString(module.resolve("Dockerfile")))
                            .results()
                            .map(copy -> copy.group(1)))
                    .containsExactlyInAnyOrderElementsOf(
                            made.map(layer -> layer.getFileName().toString()).toList());
        }
        assertThat(directory.resolve("layers/application/" + app + ".jar")).isRegularFile();
        assertThat(directory.resolve("layers/dependencies/lib")).isNotEmptyDirectory();
    }
}
