package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.offsets.DebeziumFile;
import dev.outboxrelay.relay.offsets.DebeziumOffset;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code offsets export}. */
@Command(
        name = "export",
        description = {
            "Writes the stored position as JSON, for offsets import.",
            "Or, with --as-debezium, into an offset file that a stock Debezium engine or Debezium Server goes on from."
        },
        mixinStandardHelpOptions = true)
final class OffsetsExport implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @ArgGroup(exclusive = false)
    private @Nullable AsDebezium debezium;

    /** Which connector it is for; its offset is found by both names. */
    static final class AsDebezium {

        @Option(
                names = "--as-debezium",
                required = true,
                paramLabel = "FILE",
                description = "Its offset.storage.file.filename. Other connectors' offsets in it are kept.")
        private Path file;

        @Option(
                names = "--name",
                required = true,
                paramLabel = "NAME",
                description = "Its name; of Debezium Server the type of its sink: rabbitmq.")
        private String name;

        @Option(names = "--topic-prefix", required = true, paramLabel = "PREFIX", description = "Its topic.prefix.")
        private String topicPrefix;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = setup.open()) {
            StoredOffset stored = operator.storedOffset();
            if (debezium == null) {
                Output.json(
                        setup.out(),
                        Exported.of(operator.config().name(), stored).json());
                return ExitCode.DONE.code();
            }
            if (stored.position().isSnapshotPending()) {
                throw new CommandException(
                        ExitCode.FAILED,
                        "the relay has still to publish the rows that stand in the table, which Debezium would not do: let it do that first");
            }
            new DebeziumFile(debezium.file)
                    .write(new DebeziumOffset(debezium.name, debezium.topicPrefix, stored.position()));
            setup.say("%s goes on from %s. Stop the relay first: what it publishes from now on comes twice"
                    .formatted(debezium.name, stored.position()));
            return ExitCode.DONE.code();
        }
    }
}
