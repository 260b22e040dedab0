package dev.outboxrelay.relay;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Binlog files are numbered: {@code binlog.000007}, and after {@code binlog.999999} comes {@code binlog.1000000}. */
final class BinlogFiles {

    private BinlogFiles() {}

    /** Compares two places of one server's binlog by file and offset. */
    static int compare(Position one, Position other) {
        int byFile = Long.compare(number(one.file()), number(other.file()));
        return byFile != 0 ? byFile : Long.compare(one.pos(), other.pos());
    }

    /**
     * Whether a place is behind the end of these files.
     *
     * @param files names and sizes; those of another name than the place's say nothing of it
     */
    static boolean isBeyond(Map<String, Long> files, String file, long pos) {
        Long size = files.get(file);
        return size != null
                ? pos > size
                : files.keySet().stream()
                                .filter(other -> name(other).equals(name(file)))
                                .mapToLong(BinlogFiles::number)
                                .max()
                                .orElse(Long.MAX_VALUE)
                        < number(file);
    }

    private static String name(String file) {
        return file.substring(0, file.lastIndexOf('.') + 1);
    }

    /** A file's number; 0 for none. */
    static long number(@Nullable String file) {
        return file == null ? 0 : Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
    }
}
