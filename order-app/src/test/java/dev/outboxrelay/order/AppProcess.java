package dev.outboxrelay.order;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Ports;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The app as users run it: a process of its own, from the jar, on ports that stay the same through restarts. */
final class AppProcess implements AutoCloseable {
    private static final Duration START_WITHIN = Duration.ofSeconds(60);

    private final List<String> settings;
    private final int port = Ports.free();
    private final int managementPort = Ports.free();
    private ChildProcess process;

    private AppProcess(List<String> settings) {
        this.settings = settings;
        this.process = launch();
    }

    /** Ready for requests. */
    static AppProcess start(Database database, String... settings) {
        List<String> all = new ArrayList<>(database.settings());
        all.addAll(TestTokens.settings());
        all.addAll(List.of(settings));
        AppProcess app = new AppProcess(all);
        app.awaitReady();
        return app;
    }

    /** Not waited for. */
    static ChildProcess launch(String... arguments) {
        return ChildProcess.java("order-app", "-XX:TieredStopAtLevel=1", "-jar", "target/app/order-app.jar")
                .args(arguments)
                .start();
    }

    Api api() {
        return new Api(port, TestTokens.ALICE);
    }

    ChildProcess process() {
        return process;
    }

    void kill() {
        process.kill();
    }

    void startAgain() {
        process = launch();
        awaitReady();
    }

    void awaitReady() {
        process.awaitHttpOk(URI.create("http://127.0.0.1:" + port + "/readyz"), START_WITHIN);
    }

    @Override
    public void close() {
        process.close();
    }

    private ChildProcess launch() {
        List<String> arguments = new ArrayList<>(settings);
        arguments.add("--server.port=" + port);
        arguments.add("--management.server.port=" + managementPort);
        return launch(arguments.toArray(String[]::new));
    }
}
