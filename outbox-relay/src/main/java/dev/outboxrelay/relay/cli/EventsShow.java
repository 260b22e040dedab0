package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.OutboxReader;
import dev.outboxrelay.relay.OutboxReader.Mapped;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code events show}. */
@Command(
        name = "show",
        description = "One event as it stands in the outbox, what it is published as, and whether it has been.",
        mixinStandardHelpOptions = true)
final class EventsShow implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Parameters(paramLabel = "ID")
    private String id;

    @Option(names = "--payload", description = "With its payload, which may hold what is nobody's business.")
    private boolean payload;

    /** @param published null where that can't be known */
    private record Publication(@Nullable Boolean published, String words) {}

    @Override
    public Integer call() throws IOException {
        try (Operator operator = setup.open()) {
            OutboxReader outbox = new OutboxReader(operator.jdbc(), operator.config());
            List<Mapped> rows = outbox.read(outbox.keys(List.of(id)));
            if (rows.isEmpty()) {
                throw new CommandException(ExitCode.FAILED, notFound(operator));
            }
            for (Mapped row : rows) {
                EventView event = EventView.of(row);
                Publication publication = publication(operator, row);
                setup.print(
                        () -> json(event, publication), () -> Output.fields(setup.out(), table(event, publication)));
            }
            return ExitCode.DONE.code();
        }
    }

    private String notFound(Operator operator) {
        return operator.quarantine().find(id).isEmpty()
                ? "%s stands in none of the tables %s. The relay deletes what it has published after %s (relay.janitor.retention)"
                        .formatted(
                                id,
                                String.join(", ", operator.config().tables()),
                                Words.of(operator.config().janitor().retention()))
                : "%s stands in quarantine only, its row has been deleted: quarantine show %s".formatted(id, id);
    }

    private static Publication publication(Operator operator, Mapped row) throws IOException {
        try {
            LeftOut pending = Pending.of(operator, Backlog.MOST_BYTES).why(row.table(), row.id());
            return pending == null
                    ? new Publication(true, "yes: the stored position is past it")
                    : new Publication(false, "no: " + pending.why());
        } catch (CommandException e) {
            return new Publication(null, String.valueOf(e.getMessage()));
        }
    }

    private Map<String, @Nullable Object> table(EventView event, Publication publication) {
        Map<String, @Nullable Object> fields = event.fields();
        fields.put("published", publication.words());
        fields.put("payload", event.payload(payload));
        return fields;
    }

    private Map<String, @Nullable Object> json(EventView event, Publication publication) {
        Map<String, @Nullable Object> fields = event.json(payload);
        fields.put("published", publication.published());
        fields.put("publication", publication.words());
        return fields;
    }
}
