package dev.outboxrelay.relay.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A command that does nothing itself. */
final class Group {

    private Group() {}

    static ParameterException incomplete(CommandSpec spec) {
        return new ParameterException(
                spec.commandLine(),
                "Say what to do with them: "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
