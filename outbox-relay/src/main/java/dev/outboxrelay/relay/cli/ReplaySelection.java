package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.OutboxReader;
import dev.outboxrelay.relay.OutboxReader.RowKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which rows of the outbox are meant; exactly one of the three is given. */
final class ReplaySelection {

    @Parameters(paramLabel = "ID", arity = "1..*", description = "These events.")
    private @Nullable List<String> ids;

    @Option(
            names = "--aggregate",
            required = true,
            paramLabel = "TYPE/ID",
            description = "All events of this aggregate.")
    private @Nullable String aggregate;

    @Option(
            names = "--since",
            required = true,
            paramLabel = "TIME",
            description = "All events written at or after this time: 2026-11-23T09:19:40Z, or 15m for 15 minutes ago.")
    private @Nullable String since;

    /** Whether each event was named, so that none may be left out in silence. */
    boolean isNamed() {
        return ids != null;
    }

    /**
     * Their keys, in the order of each aggregate.
     *
     * @param now by the database's clock
     * @throws CommandException where an event that was named does not stand in the outbox
     */
    List<RowKey> keys(OutboxReader outbox, Instant now) {
        if (ids == null) {
            return aggregate == null ? outbox.keysSince(since(now)) : outbox.keys(AggregateName.parse(aggregate));
        }
        List<RowKey> keys = outbox.keys(ids);
        List<String> missing = ids.stream()
                .filter(id -> keys.stream().noneMatch(key -> key.text().equalsIgnoreCase(id)))
                .toList();
        if (!missing.isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED, "nothing was published: the outbox has no event " + String.join(", ", missing));
        }
        return keys;
    }

    /** The same selection as options, for another command. */
    String asOptions(Instant now) {
        if (ids == null) {
            return aggregate == null ? "--since=" + since(now) : "--aggregate='" + aggregate + "'";
        }
        return String.join(" ", ids);
    }

    private Instant since(Instant now) {
        return Times.parse("--since", String.valueOf(since), now);
    }
}
