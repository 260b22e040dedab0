package dev.outboxrelay.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Log files of processes. */
final class Logs {

    private static final int TAIL_BYTES = 4_000;

    private Logs() {}

    /** The last lines of a log, for an error message; a word on why not if it cannot be read. */
    static String tail(Path log) {
        if (Files.notExists(log)) {
            return "(no log at " + log + ")";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return "End of " + log + ":\n" + new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }
}
