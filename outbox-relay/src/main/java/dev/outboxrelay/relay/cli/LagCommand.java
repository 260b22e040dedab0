package dev.outboxrelay.relay.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lag}. */
@Command(
        name = "lag",
        description = {
            "How far the stored position is behind, in one line for scripts: seconds since the oldest event behind it was committed.",
            "Exit code 3 beyond a limit, 4 where the position is lost or none is stored."
        },
        mixinStandardHelpOptions = true)
final class LagCommand implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Option(
            names = "--max-seconds",
            paramLabel = "N",
            converter = AtLeast.Zero.class,
            description = "Exit with 3 where it is further behind.")
    private @Nullable Long maxSeconds;

    @Option(
            names = "--max-transactions",
            paramLabel = "N",
            converter = AtLeast.Zero.class,
            description = "Exit with 3 where more are behind it.")
    private @Nullable Long maxTransactions;

    @Override
    public Integer call() throws IOException {
        try (Operator operator = setup.open()) {
            Standing standing = Standing.of(operator);
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("relay", operator.config().name());
            fields.put("events", standing.events());
            fields.put("transactions", standing.transactions());
            fields.put("bytes", standing.bytes());
            fields.put("seconds", standing.lagSeconds());
            fields.put("purge_seconds", standing.purgeSeconds());
            fields.put("running", standing.isRunning());
            fields.put("position", standing.lost() == null ? "valid" : "lost");
            setup.print(() -> fields, () -> setup.out().println(line(fields)));
            return exitCode(standing).code();
        }
    }

    private ExitCode exitCode(Standing standing) {
        if (standing.lost() != null) {
            setup.say("The position can't be used: " + standing.lost());
            return ExitCode.UNHEALTHY;
        }
        return isBeyond(standing.lagSeconds(), maxSeconds, "how many seconds")
                        || isBeyond(standing.transactions(), maxTransactions, "how many transactions")
                ? ExitCode.BEHIND
                : ExitCode.DONE;
    }

    private static boolean isBeyond(@Nullable Long value, @Nullable Long limit, String what) {
        if (limit == null) {
            return false;
        }
        if (value == null) {
            throw new CommandException(
                    ExitCode.UNHEALTHY,
                    "it is not known by " + what + " the relay is behind, so the limit can't be kept");
        }
        return value > limit;
    }

    /** What is not known is left out, never 0. */
    private static String line(Map<String, @Nullable Object> fields) {
        return fields.entrySet().stream()
                .filter(field -> field.getValue() != null)
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining(" "));
    }
}
