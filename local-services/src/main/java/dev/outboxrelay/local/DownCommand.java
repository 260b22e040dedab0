package dev.outboxrelay.local;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code down}: nothing of ours runs afterwards, whatever state the last start or a crash left. */
@Command(
        name = "down",
        description = "End the servers and delete their data. Harmless if none runs.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {

    @ParentCommand
    private Services services;

    @Option(names = "--keep-data", description = "Keep the data: the next `up` goes on with them, on the same ports.")
    private boolean keepData;

    @Override
    public Integer call() {
        Daemons.in(services.state()).alone(() -> {
            Daemons daemons = Daemons.in(services.state());
            if (keepData) {
                daemons.stop();
            } else {
                daemons.remove();
            }
        });
        return 0;
    }
}
