package dev.outboxrelay.mail.cli;

import dev.outboxrelay.mail.rabbit.ParkedMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mail-worker parked show}. */
@Command(
        name = "show",
        description = "Show one of them, and what the database knows of it.",
        mixinStandardHelpOptions = true)
final class ParkedShow implements Callable<Integer> {
    @Mixin
    private Setup setup;

    @Parameters(paramLabel = "ID", description = "The message id.")
    private String id;

    @Option(names = "--payload", description = "The payload as well; it holds personal data.")
    private boolean payload;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (Operator operator = setup.open()) {
            List<ParkedMessage> found = operator.parked()
                    .browse(message -> message.id().filter(id::equals).isPresent(), 1);
            if (found.isEmpty()) {
                spec.commandLine().getErr().println("mail-worker: no message " + id + " is parked");
                return ExitCode.SOFTWARE;
            }
            Map<String, @Nullable Object> fields = Output.fields(found.get(0));
            operator.ledger().find(id).ifPresent(entry -> {
                fields.put("state", entry.state());
                fields.put("unknowns", entry.unknowns());
            });
            if (payload) {
                fields.put("payload", found.get(0).payload());
            }
            if (setup.json()) {
                Output.json(spec.commandLine().getOut(), fields);
            } else {
                fields.forEach((name, value) ->
                        spec.commandLine().getOut().printf("%-10s %s%n", name, value == null ? "-" : value));
            }
            return ExitCode.OK;
        }
    }
}
