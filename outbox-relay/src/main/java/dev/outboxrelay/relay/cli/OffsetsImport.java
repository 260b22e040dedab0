package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.RootCause;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.offsets.Cause;
import dev.outboxrelay.relay.offsets.DebeziumFile;
import dev.outboxrelay.relay.offsets.DebeziumOffset;
import dev.outboxrelay.relay.offsets.DebeziumTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code offsets import}. */
@Command(
        name = "import",
        description = {
            "Goes on from a position that offsets export wrote, or where a stock Debezium has stopped.",
            "The position must be usable on this server. Lists what that publishes again or leaves out, and asks."
        },
        mixinStandardHelpOptions = true)
final class OffsetsImport implements Callable<Integer> {

    private static final String TABLE = "jdbc:";

    @Mixin
    private Setup setup;

    @Mixin
    private Mover mover;

    @ArgGroup(multiplicity = "1")
    private From from = new From();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Whose offset, where Debezium's storage has several: a connector's name or topic.prefix.")
    private @Nullable String name;

    /** One of two. */
    static final class From {

        @Parameters(paramLabel = "FILE", description = "What offsets export wrote; - for standard input.")
        private @Nullable String file;

        @Option(
                names = "--from-debezium",
                paramLabel = "FILE|jdbc:SCHEMA.TABLE",
                description =
                        "The offset storage of a Debezium engine or Debezium Server that has been stopped: its file, or"
                                + " its table in this MySQL server.")
        private @Nullable String debezium;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = setup.open()) {
            StoredOn target = from.debezium == null
                    ? exported(operator)
                    : new StoredOn(
                            debezium(operator, from.debezium), operator.server().uuid());
            MovePlan plan = MovePlan.make(operator, target, mover.limit(setup));
            return mover.move(setup, operator, Cause.IMPORT, plan).code();
        }
    }

    private StoredOn exported(Operator operator) throws IOException {
        String text = "-".equals(from.file)
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(Path.of(String.valueOf(from.file)));
        Exported exported = Exported.parse(text);
        if (!exported.relay().equals(operator.config().name())) {
            setup.say("Note: this was exported from relay '%s'".formatted(exported.relay()));
        }
        StoredOn stored = exported.stored();
        Long length = operator.server().uuid().equals(stored.serverUuid())
                ? operator.server().binlogFiles().get(stored.position().file())
                : null;
        if (length != null && stored.position().pos() > length) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "%s is no place on this server, whose %s is only %d bytes long"
                            .formatted(stored.position(), stored.position().file(), length));
        }
        return stored;
    }

    private Position debezium(Operator operator, String storage) throws IOException {
        List<DebeziumOffset> all = storage.startsWith(TABLE)
                ? inTable(operator, storage.substring(TABLE.length()))
                : new DebeziumFile(Path.of(storage)).read();
        List<DebeziumOffset> offsets = all.stream()
                .filter(offset -> name == null || name.equals(offset.name()) || name.equals(offset.topicPrefix()))
                .toList();
        if (offsets.size() != 1) {
            String names = all.stream()
                    .map(offset -> offset.name() + " (topic.prefix " + offset.topicPrefix() + ")")
                    .collect(Collectors.joining(", "));
            throw new CommandException(
                    ExitCode.USAGE,
                    all.isEmpty()
                            ? "%s has no offset of a MySQL connector".formatted(storage)
                            : "%s has the offsets of %s: choose one with --name".formatted(storage, names));
        }
        if (offsets.get(0).isInSnapshot()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "%s was in the middle of its snapshot, and what it had published of it is not known: let it finish, or start the relay without an offset, and it publishes what the table holds"
                            .formatted(offsets.get(0).name()));
        }
        return here(operator, operator.server().usable(offsets.get(0).place()));
    }

    /**
     * By its GTIDs where it has any: the file may be one of another server's, a replica's say, that is called alike. A
     * transaction that Debezium was in the middle of is published from its first event.
     */
    private static Position here(Operator operator, Position position) throws IOException {
        String gtids = position.gtids();
        return gtids == null ? position : new Locator(operator).find(new Target.GtidSet(gtids));
    }

    private static List<DebeziumOffset> inTable(Operator operator, String name) {
        try {
            return new DebeziumTable(operator.jdbc(), name).read();
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--from-debezium: " + e.getMessage());
        } catch (BadSqlGrammarException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "--from-debezium: %s can't be read as the table of Debezium's JDBC store: %s"
                            .formatted(name, RootCause.of(e)));
        }
    }
}
