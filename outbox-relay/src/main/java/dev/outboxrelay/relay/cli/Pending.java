package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Server;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.binlog.BinlogEntry;
import dev.outboxrelay.relay.cli.LeftOut.Reason;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a relay has not published so far: the events behind its stored position, and those in its quarantine. */
final class Pending {

    private record Name(String table, String event) {}

    private final Set<Name> behind = new HashSet<>();
    private final Map<Name, String> quarantined = new HashMap<>();

    private Pending() {}

    /**
     * Looks. What was committed before this is called and is not found to be pending has been published, or was skipped by hand.
     *
     * @param mostBytes not more binlog than that is read
     * @throws CommandException where it can't be known
     */
    static Pending of(Operator operator, long mostBytes) throws IOException {
        StoredOffset stored = operator.storedOffset();
        Server server = operator.server();
        StoredOn position = new StoredOn(stored.position(), stored.serverUuid());
        String lost = server.cannotResume(position);
        if (lost != null) {
            throw unknown("the stored position is lost (" + lost + ")");
        }
        if (stored.position().isSnapshotPending()) {
            throw unknown("the relay is about to publish all that the tables hold");
        }
        Long bytes = server.bytesBehind(position);
        if (bytes != null && bytes > mostBytes) {
            throw unknown(Words.count(bytes, "byte") + " of binlog are behind the stored position");
        }
        Pending pending = new Pending();
        operator.binlog().read(MovePlan.here(server, position), server.currentPosition(), entry -> {
            EventView event = entry instanceof BinlogEntry.Event found ? EventView.of(found.event()) : null;
            if (event != null) {
                pending.behind.add(new Name(event.table(), event.id()));
            }
            return true;
        });
        // Last: what goes into quarantine meanwhile was behind the position before.
        operator.quarantine()
                .list(Integer.MAX_VALUE)
                .forEach(entry -> pending.quarantined.put(
                        new Name(entry.event().table(), entry.event().id()),
                        entry.event().reason() + ": " + entry.event().detail()));
        return pending;
    }

    /** Why that event has not been published; null if it has. */
    @Nullable LeftOut why(String table, String event) {
        Name name = new Name(table, event);
        String held = quarantined.get(name);
        if (held != null) {
            return new LeftOut(table, event, Reason.QUARANTINED, "in quarantine, " + held);
        }
        return behind.contains(name)
                ? new LeftOut(
                        table,
                        event,
                        Reason.NOT_YET_PUBLISHED,
                        "behind the stored position: a relay that runs publishes it")
                : null;
    }

    private static CommandException unknown(String why) {
        return new CommandException(ExitCode.UNHEALTHY, "which events are published can't be known: " + why);
    }
}
