package dev.outboxrelay.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operating system's packages: installed where we can, named where we cannot. */
final class Packages {

    private static final String NONINTERACTIVE = "DEBIAN_FRONTEND";

    private Packages() {}

    /**
     * Installs packages with apt, without letting them start services.
     *
     * @throws LocalServiceException if this is not a Debian or Ubuntu, if we are not root, or if apt fails; the message
     *     says what to do
     */
    static void install(List<String> names, String whatFor) {
        Optional<Path> apt = Executable.find("apt-get");
        String words = String.join(" ", names);
        if (apt.isEmpty()) {
            throw new LocalServiceException(whatFor + " Install it with your system's package manager (on Debian: "
                    + words + "), or use `docker compose up`.");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new LocalServiceException(
                    whatFor + " Run: sudo apt-get install " + words + ", or use `docker compose up`.");
        }
        OnceMade.alone(UserDirectories.cache().resolve("packages"), () -> {
            System.err.println("Installing " + words + " with apt-get …");
            Path log = UserDirectories.cache().resolve("apt.log");
            try (ServicesKeptDown kept = ServicesKeptDown.now()) {
                run(kept, log, List.of(apt.get().toString(), "-q", "update"));
                List<String> install = new ArrayList<>(List.of(
                        apt.get().toString(),
                        "-q",
                        "-y",
                        "--no-install-recommends",
                        "-o",
                        "DPkg::Lock::Timeout=300",
                        "install"));
                install.addAll(names);
                run(kept, log, install);
            }
        });
    }

    private static void run(ServicesKeptDown kept, Path log, List<String> command) throws Exception {
        Map<String, String> variables = kept.environment(Map.of(NONINTERACTIVE, "noninteractive"));
        Launch launch = new Launch(command, inherited -> inherited.putAll(variables), Path.of("/"), log, Life.OURS);
        if (launch.run() != 0) {
            throw new LocalServiceException(String.join(" ", command) + " failed. " + Logs.tail(log));
        }
    }
}
