package dev.outboxrelay.mail.run;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.Ports;
import dev.outboxrelay.local.SmtpSink;
import dev.outboxrelay.local.junit.MySqlExtension;
import dev.outboxrelay.local.junit.RabbitMqExtension;
import dev.outboxrelay.local.junit.SmtpExtension;
import dev.outboxrelay.mail.Schema;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mail workers on real servers: a virtual host and a consumer name of its own for each test, one schema for all. Whatever a
 * test has started ends with it.
 */
final class Rig implements BeforeEachCallback, AfterEachCallback {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final Duration START = Duration.ofSeconds(90);
    private static final String[] JAVA = {
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:SharedArchiveFile=target/app/mail-worker.jsa",
        "-XX:TieredStopAtLevel=1",
        "-jar",
        "target/app/mail-worker.jar"
    };

    private final MySqlExtension mysql = new MySqlExtension();
    private final RabbitMqExtension rabbit = new RabbitMqExtension();
    private final SmtpExtension smtp = new SmtpExtension();
    private final List<AutoCloseable> started = new ArrayList<>();
    private String vhost = "";
    private String consumer = "";
    private @Nullable Queues queues;

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        mysql.beforeEach(context);
        rabbit.beforeEach(context);
        smtp.beforeEach(context);
        vhost = rabbit.freshVhost();
        queues = new Queues(rabbit.server().uri(vhost));
        consumer = "test-" + TESTS.incrementAndGet();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        closeAll();
    }

    private void closeAll() throws Exception {
        for (AutoCloseable one : started) {
            one.close();
        }
        started.clear();
    }

    MySqlExtension mysql() {
        return mysql;
    }

    /** What every queue of this test was declared with, by its name; as JSON, each with its type. */
    Map<String, String> queueArguments() {
        return new JsonMapper()
                .readTree(rabbit.server()
                        .control("list_queues", "-q", "-p", vhost, "--formatter", "json", "name", "arguments"))
                .valueStream()
                .collect(Collectors.toMap(queue -> queue.path("name").asString(), queue -> queue.path("arguments")
                        .toString()));
    }

    RabbitMqExtension rabbit() {
        return rabbit;
    }

    SmtpSink sink() {
        return smtp.sink();
    }

    String databaseVia(int port) {
        return "jdbc:mysql://127.0.0.1:" + port + "/" + Schema.of(mysql).mail();
    }

    /** A worker in this JVM, consuming unless the settings make it pause. */
    Worker worker(String... settings) {
        return started(Worker.start(with(settings)));
    }

    /** A worker in this JVM, whatever comes of it. */
    Worker begin(String... settings) {
        return started(Worker.begin(with(settings)));
    }

    /** A worker in a process of its own, once it consumes. */
    ChildProcess process(String... settings) {
        int port = Ports.free();
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("server.port=" + port);
        ChildProcess process = launch(all.toArray(String[]::new));
        process.awaitHttpOk(URI.create("http://127.0.0.1:" + port + "/readyz"), START);
        return process;
    }

    /** A worker in a process of its own, at once. */
    ChildProcess launch(String... settings) {
        ChildProcess.Builder process = jar();
        with(settings).forEach((name, value) -> {
            if (name.endsWith(".password")) {
                process.env(name.toUpperCase(Locale.ROOT).replace('.', '_'), value);
            } else {
                process.args("--" + name + "=" + value);
            }
        });
        return started(process.start());
    }

    /** What is shipped, in a process of its own, with these arguments and nothing else. */
    ChildProcess command(String... arguments) {
        return started(jar().args(arguments).start());
    }

    /** The same at a terminal; the pipe must not exist. */
    Terminal terminal(Path pipe, String... arguments) throws IOException, InterruptedException {
        return started(Terminal.start(
                pipe, Stream.concat(Stream.of(JAVA), Stream.of(arguments)).toList()));
    }

    private static ChildProcess.Builder jar() {
        return ChildProcess.command("mail-worker", JAVA);
    }

    /** Closes it after the test. */
    <T extends AutoCloseable> T started(T one) {
        started.add(one);
        return one;
    }

    /** What a command needs to find the broker and the database. */
    Map<String, String> operatorSettings() {
        Map<String, String> settings = settings();
        settings.keySet().removeIf(name -> name.startsWith("spring.mail"));
        return settings;
    }

    /** A worker's settings, with these. */
    Map<String, String> with(String... settings) {
        Map<String, String> all = settings();
        for (String setting : settings) {
            all.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return all;
    }

    private Map<String, String> settings() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("server.port", "0");
        all.put("spring.datasource.url", mysql.server().jdbcUrl(Schema.of(mysql).mail()));
        all.put("spring.datasource.username", Schema.of(mysql).mailWorker());
        all.put("spring.datasource.password", Schema.PASSWORD);
        all.put(
                "spring.rabbitmq.addresses",
                rabbit.server().host() + ":" + rabbit.server().port());
        all.put("spring.rabbitmq.username", rabbit.server().username());
        all.put("spring.rabbitmq.password", rabbit.server().password());
        all.put("spring.rabbitmq.virtual-host", vhost);
        all.put("spring.mail.host", sink().host());
        all.put("spring.mail.port", Integer.toString(sink().port()));
        all.put("spring.mail.username", sink().username());
        all.put("spring.mail.password", sink().password());
        all.put("spring.mail.ssl.bundle", "smtp");
        all.put("spring.ssl.bundle.pem.smtp.truststore.certificate", "file:" + sink().caFile());
        all.put("mail-worker.name", consumer);
        all.put("mail-worker.from", "Tea House <orders@tea.example>");
        all.put("mail-worker.retry.delays", "50ms,50ms,300ms");
        all.put("mail-worker.in-hand-wait", "100ms");
        all.put("mail-worker.partitions", "4");
        return all;
    }

    /** The queues of this test's workers. */
    Queues queues() {
        return Objects.requireNonNull(queues);
    }

    void publish(Event... events) throws Exception {
        queues().publish(List.of(events));
    }

    void publish(List<Event> events) throws Exception {
        queues().publish(events);
    }

    /** Ends all workers and finds every queue of theirs empty: everything was acknowledged and nothing is parked. */
    void assertNothingLeft() throws Exception {
        closeAll();
        queues().assertEmpty();
    }

    /** A proxy to a port on this machine. */
    FaultProxy proxyTo(int port) {
        return started(FaultProxy.to("127.0.0.1", port));
    }

    /** What {@code processed_messages} says of this test's messages: a number from an expression over the rows. */
    long rows(String expression) throws SQLException {
        try (java.sql.Connection connection = DriverManager.getConnection(
                        mysql.server().jdbcUrl(Schema.of(mysql).mail()),
                        Schema.of(mysql).mailWorker(),
                        Schema.PASSWORD);
                PreparedStatement select = connection.prepareStatement(
                        "SELECT COALESCE(" + expression + ", 0) FROM processed_messages WHERE consumer = ?")) {
            select.setString(1, consumer);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    long inState(String state) throws SQLException {
        return rows("SUM(state = '" + state + "')");
    }
}
