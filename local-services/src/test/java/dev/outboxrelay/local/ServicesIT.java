package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServicesIT {

    @TempDir
    Path directory;

    private Path state;

    @BeforeEach
    void name() {
        state = directory.resolve("state with a space");
    }

    @AfterEach
    void end() {
        services("down");
    }

    @Test
    void after_up_any_client_gets_in_and_after_down_nothing_is_left() throws Exception {
        assertThat(services("up").exitCode()).isZero();

        Exports env = new Exports(services("env").output());
        assertThat(env.get("OUTBOX_SERVICES_STATE")).isEqualTo(state.toString());
        String mysql = "jdbc:mysql://%s:%s/".formatted(env.get("MYSQL_HOST"), env.get("MYSQL_PORT"));
        DriverManager.getConnection(mysql, "root", env.get("MYSQL_ROOT_PASSWORD"))
                .close();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(env.get("RABBITMQ_URI"));
        try (Connection connection = factory.newConnection()) {
            assertThat(connection.isOpen()).isTrue();
        }
        try (MailClient client = MailClient.connect(
                Integer.parseInt(env.get("SMTP_PORT")),
                env.get("SMTP_USERNAME"),
                env.get("SMTP_PASSWORD"),
                Path.of(env.get("SMTP_CA_FILE")))) {
            client.send("a@example.com", "a", "a");
        }
        List<Integer> ports = ports();
        assertThat(ports).hasSize(7).allMatch(Ports::accepts);
        assertThat(ports).noneMatch(ServicesIT::isReachableFromOutside);

        Result down = services("down");

        assertThat(down.exitCode()).isZero();
        assertThat(ports).noneMatch(Ports::accepts);
        assertThat(state).doesNotExist();
        assertThat(Leftovers.end(state)).isZero();
        assertThat(services("status").exitCode()).isEqualTo(1);
        assertThat(services("down").exitCode()).isZero();
    }

    @Test
    void up_again_replaces_what_died_on_the_same_data_and_down_ends_even_what_nobody_remembers() throws Exception {
        services("up");
        String before = services("status").output();
        assertThat(services("up").exitCode()).isZero();
        assertThat(services("status").output()).isEqualTo(before);

        Daemons daemons = Daemons.in(state);
        try (java.sql.Connection connection = daemons.mysql().connect()) {
            connection.createStatement().executeUpdate("CREATE DATABASE kept");
        }
        String rabbit = "{\"name\":\"rabbitmq\",\"running\":true,\"pid\":%d,\"address\":\"127.0.0.1:%d\"}"
                .formatted(daemons.rabbitmq().pid(), daemons.rabbitmq().port());
        assertThat(services("status", "-o", "json").output())
                .startsWith("[{\"name\":\"mysql\",\"running\":true,")
                .contains(rabbit);
        daemons.mysql().kill();
        assertThat(services("status", "-o", "json").output())
                .startsWith("[{\"name\":\"mysql\",\"running\":false}," + rabbit);
        assertThat(services("status").exitCode()).isEqualTo(1);
        assertThat(services("env").exitCode()).isEqualTo(1);

        assertThat(services("up").exitCode()).isZero();

        try (java.sql.Connection connection = daemons.mysql().connect();
                ResultSet row = connection.createStatement().executeQuery("SHOW DATABASES LIKE 'kept'")) {
            assertThat(row.next()).isTrue();
        }
        assertThat(Daemons.in(state).rabbitmq().pid())
                .isEqualTo(daemons.rabbitmq().pid());
    }

    @Test
    void what_cannot_be_done_is_a_sentence_and_a_wrong_option_is_refused() {
        Result nowhere = run("--state", "/proc/nowhere", "up");
        assertThat(nowhere.exitCode()).isEqualTo(1);
        assertThat(nowhere.output()).contains("services: Cannot make").doesNotContain("\tat ");
        assertThat(services("up", "--mysql-prot", "1").exitCode()).isEqualTo(2);
        assertThat(services("install").exitCode()).isZero();
    }

    private record Result(int exitCode, String output) {}

    private Result services(String... arguments) {
        return run(Stream.concat(Stream.of("--state", state.toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** As the shell does it: in a process of its own, which the servers outlive. */
    private static Result run(String... arguments) {
        ChildProcess process = ChildProcess.java(
                        "services",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Services.class.getName())
                .args(arguments)
                .start();
        return new Result(process.awaitExit(Duration.ofMinutes(2)), process.output());
    }

    /** The variables that a shell would have after evaluating these lines. */
    private record Exports(String lines) {

        String get(String variable) {
            Matcher matcher = Pattern.compile("^export " + variable + "='([^']*)'$", Pattern.MULTILINE)
                    .matcher(lines);
            assertThat(matcher.find()).as(variable).isTrue();
            return matcher.group(1);
        }
    }

    /** All ports that the servers were given. */
    private List<Integer> ports() {
        return Stream.of("mysql", "rabbitmq", "rabbitmq/epmd", "smtp")
                .map(name -> ServerFile.in(state.resolve(name)))
                .flatMap(file -> Stream.of("port", "management-port", "distribution-port", "page-port")
                        .flatMap(key -> file.get(key).stream()))
                .map(Integer::valueOf)
                .toList();
    }

    private static boolean isReachableFromOutside(int port) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .anyMatch(address -> accepts(address, port));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean accepts(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
