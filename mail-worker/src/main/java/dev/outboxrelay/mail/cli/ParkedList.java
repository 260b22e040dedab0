package dev.outboxrelay.mail.cli;

import dev.outboxrelay.mail.rabbit.ParkedMessage;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mail-worker parked list}. */
@Command(name = "list", description = "List them, the oldest first.", mixinStandardHelpOptions = true)
final class ParkedList implements Callable<Integer> {
    @Mixin
    private Setup setup;

    @Option(names = "--limit", defaultValue = "100", description = "At most so many (default ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--reason", paramLabel = "REASON", description = "Only those with this reason.")
    private @Nullable String reason;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (Operator operator = setup.open()) {
            Predicate<ParkedMessage> wanted = reason == null
                    ? message -> true
                    : message -> message.reason().equals(String.valueOf(reason).toUpperCase(Locale.ROOT));
            long count = operator.parked().count();
            List<ParkedMessage> messages = operator.parked().browse(wanted, limit);
            if (setup.json()) {
                Output.json(
                        spec.commandLine().getOut(),
                        messages.stream().map(Output::fields).toList());
                return ExitCode.OK;
            }
            Output.table(
                    spec.commandLine().getOut(),
                    List.of("ID", "TYPE", "ORDER", "PARKED AT", "TRIES", "REASON", "REPLY OR DETAIL"),
                    messages.stream().map(ParkedList::row).toList());
            spec.commandLine().getErr().println(messages.size() + " of " + count + " parked messages");
            return ExitCode.OK;
        }
    }

    private static List<String> row(ParkedMessage message) {
        return List.of(
                message.id().orElse("-"),
                message.type(),
                message.order(),
                message.parkedAt().map(Object::toString).orElse("-"),
                Long.toString(message.attempts()),
                message.reason(),
                message.reply().equals("-") ? message.detail() : message.reply());
    }
}
