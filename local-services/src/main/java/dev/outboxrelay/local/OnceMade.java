package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Directories of the cache that are made once, whole or not at all, however many processes want them at a time. */
final class OnceMade {

    /** File locks are held by a JVM, not by a thread, so threads of one JVM need a lock of their own. */
    private static final Map<Path, ReentrantLock> WITHIN_JVM = new ConcurrentHashMap<>();

    private OnceMade() {}

    /** Fills a directory that does not exist yet. */
    interface Maker {
        void make(Path directory) throws Exception;
    }

    /** Makes the directory unless it is there; another process that is about to make it is waited for. */
    static void directory(Path directory, Maker maker) {
        if (Files.isDirectory(directory)) {
            return;
        }
        alone(directory, () -> {
            if (Files.isDirectory(directory)) {
                return;
            }
            Path unfinished = directory.resolveSibling(directory.getFileName() + ".unfinished");
            Trees.delete(unfinished);
            maker.make(unfinished);
            Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    /** Something that may fail in any way. */
    interface Action {
        void run() throws Exception;
    }

    /** Runs the action while no other thread or process runs one for the same path. */
    static void alone(Path path, Action action) {
        ReentrantLock withinJvm = WITHIN_JVM.computeIfAbsent(path, key -> new ReentrantLock());
        withinJvm.lock();
        try {
            Files.createDirectories(path.getParent());
            try (FileChannel channel = FileChannel.open(
                            path.resolveSibling(path.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (held.isValid()) {
                    action.run();
                }
            }
        } catch (LocalServiceException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServiceException("Interrupted while making " + path, e);
        } catch (IOException e) {
            throw new LocalServiceException("Cannot make %s: %s".formatted(path, Disk.explain(e)), e);
        } catch (Exception e) {
            throw new LocalServiceException("Cannot make " + path, e);
        } finally {
            withinJvm.unlock();
        }
    }
}
