package dev.outboxrelay.relay.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has, and where it reads and writes. */
final class Setup {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (default) or json.")
    private Output.Format format;

    @Option(names = "--no-input", description = "Never ask: what would need an answer is refused.")
    private boolean noInput;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    Operator open() {
        return Operator.open(((OutboxRelay) spec.root().userObject()).properties());
    }

    boolean isJson() {
        return format == Output.Format.json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Words for people, which are no results. */
    void say(String words) {
        spec.commandLine().getErr().println(words);
        spec.commandLine().getErr().flush();
    }

    /** Writes a result in the format asked for. */
    void print(Supplier<Object> json, Runnable table) {
        if (isJson()) {
            Output.json(out(), json.get());
        } else {
            table.run();
        }
    }

    /** Where somebody sits at the keyboard and may be asked; else null. */
    @Nullable Console console() {
        return noInput ? null : terminal();
    }

    /** From JDK 22 on there is a console also without a terminal; before that, none. */
    @SuppressWarnings("SystemConsoleNull")
    private static @Nullable Console terminal() {
        Console console = System.console();
        try {
            boolean isTerminal = console != null
                    && Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
            return isTerminal ? console : null;
        } catch (NoSuchMethodException e) {
            return console;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The console can't be asked", e);
        }
    }
}
