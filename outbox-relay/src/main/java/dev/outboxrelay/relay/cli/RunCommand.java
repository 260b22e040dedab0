package dev.outboxrelay.relay.cli;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code run}: the sidecar. It is started outside picocli, since it goes on in its own threads and Spring Boot reports a failed
 * start itself; what is here is its help, and its refusals.
 */
@Command(
        name = "run",
        description = "Runs the relay until it is told to stop; the default where no command is given.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "--property=value", description = "Configuration, as Spring Boot takes it")
    private String[] properties = {};

    @Spec
    private CommandSpec spec;

    /** Whether nothing was asked for but to run: {@code --dryRun=true} is no property of ours, and must not start anything. */
    static boolean isRun(String... args) {
        return Stream.of(properties(args)).allMatch(Arguments::isProperty);
    }

    static String[] properties(String... args) {
        return args.length > 0 && "run".equals(args[0]) ? Arrays.copyOfRange(args, 1, args.length) : args;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "Not a --property=value: " + Arguments.withoutValue(properties[0]));
    }
}
