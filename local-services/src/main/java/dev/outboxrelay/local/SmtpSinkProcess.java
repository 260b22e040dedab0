package dev.outboxrelay.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An {@link SmtpSink} as a process of its own, with a page that shows its mails. Mails and certificate are on disk: a sink
 * that was killed has all that it acknowledged when it starts again.
 *
 * <p>The page's address also answers {@code GET /mails} (JSON; {@code ?after=N} for the mails above number N), {@code GET
 * /mails/N} (the source of mail N) and {@code DELETE /mails}.
 */
public final class SmtpSinkProcess implements LocalServer {

    static final String PORT = "port";
    static final String PAGE_PORT = "page-port";
    static final String PASSWORD = "password";
    private static final String HOST = "127.0.0.1";
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final int PROBE_MILLIS = 2_000;

    private final Path directory;
    private final int wantedPort;
    private final int wantedPagePort;
    private final Life life;
    private final ServerFile file;
    private final ServerProcess process;

    SmtpSinkProcess(Path directory, int wantedPort, int wantedPagePort, Life life) {
        this.directory = directory;
        this.wantedPort = wantedPort;
        this.wantedPagePort = wantedPagePort;
        this.life = life;
        this.file = ServerFile.in(directory);
        this.process = new ServerProcess("The SMTP sink", file, log(), START_WITHIN, STOP_WITHIN);
    }

    /** Starts a sink on free ports with the mails of that directory; it dies with this JVM. */
    public static SmtpSinkProcess start(Path directory) {
        SmtpSinkProcess sink = new SmtpSinkProcess(directory.toAbsolutePath(), 0, 0, Life.OURS);
        sink.start();
        return sink;
    }

    @Override
    public void start() {
        if (isRunning()) {
            thaw();
            return;
        }
        prepare();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                SmtpSinkMain.class.getName(),
                directory.toString());
        process.start(new Launch(command, environment -> {}, directory, log(), life), this::answers);
    }

    @Override
    public void stop() {
        process.stop();
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void freeze() {
        process.freeze();
    }

    @Override
    public void thaw() {
        process.thaw();
    }

    @Override
    public boolean isRunning() {
        return process.isRunning();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        kill();
        Trees.delete(directory);
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return file.port(PORT);
    }

    public String username() {
        return SmtpSink.USER;
    }

    public String password() {
        return file.require(PASSWORD);
    }

    /** The certificate of the authority that a client has to trust, in PEM. */
    public Path caFile() {
        return directory.resolve(Certificates.AUTHORITY_FILE);
    }

    /** Where the page is. */
    public URI pageUri() {
        return URI.create("http://" + HOST + ":" + file.port(PAGE_PORT));
    }

    /** What the sink wrote about itself. */
    public Path log() {
        return directory.resolve("sink.log");
    }

    private void prepare() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new LocalServiceException("Cannot make %s: %s".formatted(directory, Disk.explain(e)), e);
        }
        file.setPort(PORT, wantedPort)
                .setPort(PAGE_PORT, wantedPagePort)
                .setIfAbsent(PASSWORD, Secrets::random)
                .save();
        Ports.requireFree(port(), "The SMTP sink");
        Ports.requireFree(file.port(PAGE_PORT), "The page of the SMTP sink");
    }

    private boolean answers() {
        try {
            HttpURLConnection request = (HttpURLConnection)
                    pageUri().resolve("/mails?after=999999999").toURL().openConnection();
            request.setConnectTimeout(PROBE_MILLIS);
            request.setReadTimeout(PROBE_MILLIS);
            return request.getResponseCode() == 200 && Ports.accepts(port());
        } catch (IOException notYet) {
            return false;
        }
    }
}
