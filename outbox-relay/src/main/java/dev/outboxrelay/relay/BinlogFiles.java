package dev.outboxrelay.relay;

import java.util.Objects;

/** Binlog files are numbered: {@code binlog.000007}, and after {@code binlog.999999} comes {@code binlog.1000000}. */
final class BinlogFiles {

    private BinlogFiles() {}

    /** Compares two places of one server's binlog by file and offset. */
    static int compare(Position one, Position other) {
        int byFile = Long.compare(number(one), number(other));
        return byFile != 0 ? byFile : Long.compare(one.pos(), other.pos());
    }

    private static long number(Position position) {
        String file = Objects.requireNonNullElse(position.file(), ".0");
        return Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
    }
}
