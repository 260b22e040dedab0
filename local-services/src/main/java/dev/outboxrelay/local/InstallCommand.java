package dev.outboxrelay.local;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code install}: everything that a start needs is there afterwards, so that it neither downloads nor installs. */
@Command(
        name = "install",
        description = "Install what is missing: packages (with apt, as root on Debian or Ubuntu), and MySQL"
                + " unpacked into the cache with an initialised data directory. Harmless if nothing is missing.",
        mixinStandardHelpOptions = true)
final class InstallCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter words = spec.commandLine().getErr();
        words.println("MySQL: " + MySqlInstallation.locate().home());
        words.println("RabbitMQ: " + RabbitMqInstallation.locate().scripts());
        return 0;
    }
}
