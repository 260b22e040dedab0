package dev.outboxrelay.relay;

import org.jspecify.annotations.Nullable;

/** Binlog files are numbered: {@code binlog.000007}, and after {@code binlog.999999} comes {@code binlog.1000000}. */
final class BinlogFiles {

    private BinlogFiles() {}

    /** Compares two places of one server's binlog by file and offset. */
    static int compare(Position one, Position other) {
        int byFile = Long.compare(number(one.file()), number(other.file()));
        return byFile != 0 ? byFile : Long.compare(one.pos(), other.pos());
    }

    /** A file's number; 0 for none. */
    static long number(@Nullable String file) {
        return file == null ? 0 : Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
    }
}
