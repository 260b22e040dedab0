package dev.outboxrelay.mail.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mail-worker parked}. */
@Command(
        name = "parked",
        description = "The messages that were set aside.",
        mixinStandardHelpOptions = true,
        subcommands = {ParkedList.class, ParkedShow.class, ParkedReplay.class, ParkedDrop.class})
public final class ParkedCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with them: list, show, replay or drop.");
    }
}
