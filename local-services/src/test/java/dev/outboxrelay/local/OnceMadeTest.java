package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnceMadeTest {

    @TempDir
    Path cache;

    @Test
    void many_that_want_a_directory_at_a_time_make_it_once() {
        Path wanted = cache.resolve("wanted");
        AtomicInteger made = new AtomicInteger();
        CompletableFuture<?>[] all = new CompletableFuture<?>[8];
        for (int i = 0; i < all.length; i++) {
            all[i] = CompletableFuture.runAsync(() -> OnceMade.directory(wanted, directory -> {
                made.incrementAndGet();
                Files.createDirectory(directory);
            }));
        }
        CompletableFuture.allOf(all).join();
        assertThat(made).hasValue(1);
        assertThat(wanted).isDirectory();
    }

    @Test
    void what_was_interrupted_half_way_is_made_anew() throws IOException {
        Path wanted = cache.resolve("wanted");
        assertThatThrownBy(() -> OnceMade.directory(wanted, directory -> {
                    Files.createDirectory(directory);
                    Files.createFile(directory.resolve("half"));
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(LocalServiceException.class)
                .hasMessageContaining("the disk is full");
        assertThat(wanted).doesNotExist();

        OnceMade.directory(wanted, Files::createDirectory);

        assertThat(wanted).isEmptyDirectory();
    }

    @Test
    void a_place_where_nothing_can_be_made_is_named() {
        assertThatThrownBy(() -> OnceMade.directory(Path.of("/proc/nowhere/x"), Files::createDirectory))
                .isInstanceOf(LocalServiceException.class)
                .hasMessageContaining("/proc/nowhere/x")
                .hasMessageContaining("no directory can be made there");
    }
}
