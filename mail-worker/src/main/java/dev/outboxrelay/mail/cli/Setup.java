package dev.outboxrelay.mail.cli;

import java.io.Console;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has, and where it reads and writes. */
final class Setup {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (default) or json.")
    private Format format;

    @Option(names = "--no-input", description = "Never ask: what would need an answer is refused.")
    private boolean noInput;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** How results are written. */
    enum Format {
        text,
        json
    }

    boolean json() {
        return format == Format.json;
    }

    Operator open() throws IOException {
        return Operator.open(((Configured) spec.root().userObject()).settings());
    }

    /** Words for people, which are no results. */
    void say(String words) {
        spec.commandLine().getErr().println(words);
        spec.commandLine().getErr().flush();
    }

    /** Where somebody sits at the keyboard and may be asked; else null. */
    @Nullable Console console() {
        return noInput || json() ? null : terminal();
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
