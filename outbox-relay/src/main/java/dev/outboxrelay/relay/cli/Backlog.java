package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.binlog.BinlogEntry;
import dev.outboxrelay.relay.binlog.BinlogReader;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The events behind a position, as the binlog has them: what the relay writes itself, and what others write, is no backlog.
 *
 * @param oldest when the first of them was committed; null where there is none
 */
record Backlog(long events, @Nullable Instant oldest) {

    /** More binlog than this is not read through just to say how far behind a relay is. */
    static final long MOST_BYTES = 16L << 20;

    static Backlog behind(Position position, Position end, BinlogReader reader) throws IOException {
        long[] events = new long[1];
        Instant[] oldest = new Instant[1];
        reader.read(position, end, entry -> {
            if (entry instanceof BinlogEntry.Event event) {
                events[0]++;
                oldest[0] = oldest[0] == null ? event.transaction().committedAt() : oldest[0];
            }
            return true;
        });
        return new Backlog(events[0], oldest[0]);
    }
}
