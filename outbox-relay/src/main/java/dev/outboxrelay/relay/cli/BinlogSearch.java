package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.binlog.BinlogEntry;
import dev.outboxrelay.relay.binlog.BinlogReader;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The files of a server's binlog, searched without reading all of them. What is written after the search has begun is not in it.
 *
 * @param end of what is searched
 * @param files in their order; a file is named by its place among them
 */
record BinlogSearch(BinlogReader reader, Position end, List<String> files) {

    /** Reads from the beginning of a file, and on through those behind it, until the end or until the visitor has enough. */
    void readFile(int file, BinlogEntry.Visitor visitor) throws IOException {
        reader.readFile(files.get(file), end, visitor);
    }

    /** Reads what is not in a set of transactions, until the end or until the visitor has enough. */
    void readBehind(Position set, BinlogEntry.Visitor visitor) throws IOException {
        reader.read(set, end, visitor);
    }

    /** The last file whose first transaction is as told; the first one where none is. The files are in order of that. */
    int lastFile(Predicate<BinlogEntry.Begin> test) throws IOException {
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            BinlogEntry.Begin first = first(middle);
            if (first != null && test.test(first)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The first transaction that begins in a file or behind it; null where none does. */
    BinlogEntry.@Nullable Begin first(int file) throws IOException {
        BinlogEntry.Begin[] first = new BinlogEntry.Begin[1];
        readFile(file, entry -> {
            if (entry instanceof BinlogEntry.Begin begin) {
                first[0] = begin;
            }
            return first[0] == null;
        });
        return first[0];
    }

    /** Before the first transaction that is as told; the end of the binlog where none is. */
    Position from(int file, Predicate<BinlogEntry.Begin> test) throws IOException {
        Position[] found = {null, end};
        readFile(file, entry -> {
            if (entry instanceof BinlogEntry.Begin begin && test.test(begin)) {
                found[0] = begin.before();
            } else if (entry instanceof BinlogEntry.End ended) {
                found[1] = ended.after();
            }
            return found[0] == null;
        });
        return Objects.requireNonNullElse(found[0], found[1]);
    }
}
