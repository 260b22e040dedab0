package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The disk under a directory. */
final class Disk {

    private static final long MEGABYTE = 1024 * 1024;

    private Disk() {}

    /** What the failure means to the person who ran us. */
    static String explain(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "user %s has no right to write there".formatted(System.getProperty("user.name"));
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left")) {
            return "the disk is full";
        }
        if (e instanceof NoSuchFileException || e instanceof FileAlreadyExistsException) {
            return "no directory can be made there";
        }
        return message;
    }

    /**
     * Checks that there is room for what we are about to write.
     *
     * @throws LocalServiceException if there is less
     */
    static void requireRoom(Path path, long megabytes) {
        try {
            Path existing = path.toAbsolutePath();
            while (Files.notExists(existing)) {
                Path parent = existing.getParent();
                existing = parent == null ? Path.of("/") : parent;
            }
            long free = Files.getFileStore(existing).getUsableSpace() / MEGABYTE;
            if (free < megabytes) {
                throw new LocalServiceException(
                        "The disk under %s has %d MB left; %d MB are needed. Free some, or name another directory."
                                .formatted(existing, free, megabytes));
            }
        } catch (IOException e) {
            throw new LocalServiceException("Cannot look at the disk under %s: %s".formatted(path, explain(e)), e);
        }
    }
}
