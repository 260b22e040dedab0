package dev.outboxrelay.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * What a demo in the background leaves for others to find it, in one directory that only its owner can read. It runs as long
 * as it holds the lock, which the system takes from it however it ends; so nothing here can be stale.
 */
record DetachedDemo(Path directory) {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** The one of this checkout. */
    static DetachedDemo of(Home home) {
        DetachedDemo demo = new DetachedDemo(home.root().resolve(".state/demo"));
        try {
            Files.createDirectories(demo.directory.getParent());
            if (Files.notExists(demo.directory)) {
                Files.createDirectory(demo.directory, OWNER_ONLY);
            }
            return demo;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + demo.directory, e);
        }
    }

    /** The right to be the demo in the background, held until closed, or until the process ends. */
    record Claim(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot release the demo's lock", e);
            }
        }
    }

    /** Makes this process the demo in the background; empty if another one is. The caller keeps the claim, or loses it. */
    Optional<Claim> claim() {
        try {
            FileChannel channel = FileChannel.open(lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                return Optional.empty();
            }
            forget();
            write("pid", Long.toString(ProcessHandle.current().pid()));
            return Optional.of(new Claim(channel));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + lock(), e);
        }
    }

    boolean isRunning() {
        if (Files.notExists(lock())) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock(), StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free == null;
        } catch (OverlappingFileLockException ours) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + lock(), e);
        }
    }

    /** Says that everything is ready, and how its orders fared. */
    void ready(String exportLines, String report, int exitCode) {
        write("env", exportLines);
        write("report", report);
        write("exit-code", Integer.toString(exitCode));
    }

    /** The exit code of its orders, once everything is ready. */
    Optional<Integer> exitCode() {
        return read("exit-code").map(Integer::parseInt);
    }

    /** The export lines, once everything is ready. */
    Optional<String> exportLines() {
        return exitCode().flatMap(ready -> read("env"));
    }

    /** The result of its orders, once everything is ready; empty text if it had none. */
    String report() {
        return read("report").orElse("");
    }

    /** The process that runs it. */
    Optional<ProcessHandle> process() {
        return read("pid").map(Long::parseLong).flatMap(ProcessHandle::of);
    }

    /** What it writes to. */
    Path log() {
        return directory.resolve("demo.log");
    }

    /** Deletes what the last one left, but for the log. */
    void forget() {
        for (String name : new String[] {"exit-code", "report", "env", "pid"}) {
            try {
                Files.deleteIfExists(directory.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot delete " + directory.resolve(name), e);
            }
        }
    }

    private Path lock() {
        return directory.resolve("lock");
    }

    private Optional<String> read(String name) {
        try {
            Path file = directory.resolve(name);
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + directory.resolve(name), e);
        }
    }

    private void write(String name, String content) {
        Path fresh = directory.resolve(name + ".new");
        try {
            Files.writeString(fresh, content);
            Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + fresh, e);
        }
    }
}
