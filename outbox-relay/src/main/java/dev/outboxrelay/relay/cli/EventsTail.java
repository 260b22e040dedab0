package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.Server;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.binlog.BinlogEntry;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code events tail}. */
@Command(
        name = "tail",
        description = {
            "Follows what is written to the outbox, as the binlog has it. Publishes nothing, and moves no position.",
            "Ends by Ctrl-C. With -o json, one object a line."
        },
        mixinStandardHelpOptions = true)
final class EventsTail implements Callable<Integer> {

    private static final String LINE = "%-27s  %-36s  %-45s  %-20s  %s";

    @Mixin
    private Setup setup;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description =
                    "Where to begin: a time (2026-11-23T09:19:40Z) or how long ago (15m), a GTID or what is behind a set of"
                            + " them, FILE:POS, an event's id, or 'stored' for the relay's position. Without it: now.")
    private @Nullable String from;

    @Option(names = "--aggregate", paramLabel = "TYPE/ID", description = "Only this aggregate.")
    private @Nullable String aggregate;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeast.One.class,
            description = "End after so many events.")
    private int limit = Integer.MAX_VALUE;

    @Option(names = "--no-follow", description = "End where the binlog ends at present.")
    private boolean once;

    @Option(names = "--payload", description = "With payloads, which may hold what is nobody's business.")
    private boolean payload;

    private long shown;

    @Override
    public Integer call() throws IOException {
        if (aggregate != null) {
            aggregate = AggregateName.of(AggregateName.parse(aggregate));
        }
        try (Operator operator = setup.open()) {
            Position start = start(operator);
            Position end = once ? operator.server().currentPosition() : null;
            if (!setup.isJson()) {
                print(LINE.formatted("COMMITTED", "EVENT", "AGGREGATE", "TYPE", "PAYLOAD"));
            }
            // A closed pipe ends it as well: … | head
            operator.binlog()
                    .read(
                            start,
                            end,
                            entry -> (!(entry instanceof BinlogEntry.Event event) || show(event))
                                    && !setup.out().checkError());
            return ExitCode.DONE.code();
        }
    }

    private Position start(Operator operator) throws IOException {
        Server server = operator.server();
        if (from == null) {
            return server.currentPosition();
        }
        if ("stored".equals(from)) {
            StoredOffset stored = operator.storedOffset();
            StoredOn position = new StoredOn(stored.position(), stored.serverUuid());
            String lost = server.cannotResume(position);
            if (lost != null) {
                throw new CommandException(ExitCode.UNHEALTHY, "the stored position is lost: " + lost);
            }
            return MovePlan.here(server, position);
        }
        return new Locator(operator).find(Target.from("--from", from, operator.now()));
    }

    /** @return whether to go on */
    private boolean show(BinlogEntry.Event entry) {
        EventView event = EventView.of(entry.event());
        if (event == null || (aggregate != null && !aggregate.equals(AggregateName.of(event.aggregate())))) {
            return true;
        }
        if (setup.isJson()) {
            Output.jsonLine(setup.out(), json(entry.transaction(), event));
        } else {
            print(LINE.formatted(
                    entry.transaction().committedAt(),
                    event.id(),
                    AggregateName.of(event.aggregate()),
                    event.type(),
                    last(event)));
        }
        shown++;
        return shown < limit;
    }

    private void print(String line) {
        setup.out().println(line.stripTrailing());
        setup.out().flush();
    }

    /** On one line, whatever is in it. */
    private String last(EventView event) {
        byte[] bytes = event.payload();
        String shownPayload = payload
                ? String.valueOf(event.payload(true)).replaceAll("\\p{Cntrl}+", " ")
                : bytes == null ? "" : bytes.length + " bytes";
        return event.problem() == null ? shownPayload : "UNMAPPABLE: " + event.problem() + "; " + shownPayload;
    }

    private Map<String, @Nullable Object> json(BinlogEntry.Begin transaction, EventView event) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("committedAt", transaction.committedAt().toString());
        fields.put("gtid", transaction.gtid());
        fields.putAll(event.json(payload));
        return fields;
    }
}
