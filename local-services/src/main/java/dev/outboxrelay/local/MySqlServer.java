package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A MySQL server of our own on 127.0.0.1, with a binary log in row format, GTIDs, and every commit on disk before it is
 * acknowledged. Its root has a random password. Two servers never share a {@code server_uuid}.
 */
public final class MySqlServer implements LocalServer {

    private static final String HOST = "127.0.0.1";
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final Path directory;
    private final MySqlOptions options;
    private final ServerFile file;
    private final ServerProcess process;

    MySqlServer(Path directory, MySqlOptions options) {
        this.directory = directory;
        this.options = options;
        this.file = ServerFile.in(directory);
        this.process = new ServerProcess("MySQL", file, log(), START_WITHIN, STOP_WITHIN);
    }

    /**
     * Starts a server on the data in that directory; an absent or empty directory gets fresh data. A server that runs there
     * already is taken over as it is.
     */
    public static MySqlServer start(Path directory) {
        return builder().start(directory);
    }

    public static MySqlOptions builder() {
        return new MySqlOptions(1, 0, Life.OURS, List.of());
    }

    @Override
    public void start() {
        if (isRunning()) {
            thaw();
            return;
        }
        MySqlInstallation installation = MySqlInstallation.locate();
        prepare(installation);
        process.start(
                new Launch(command(installation), environment -> {}, directory, log(), options.life()), this::answers);
        forgetInitFile();
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
        return file.port("port");
    }

    /** The password of {@code root}, who may log in from this machine only. */
    public String rootPassword() {
        return file.require("password");
    }

    /** The address of a schema, without user and password. */
    public String jdbcUrl(String schema) {
        return "jdbc:mysql://" + HOST + ":" + port() + "/" + schema;
    }

    /** A new connection as root, in no schema. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(""), "root", rootPassword());
    }

    /** What the server wrote about itself. */
    public Path log() {
        return directory.resolve("mysqld.log");
    }

    private void prepare(MySqlInstallation installation) {
        try {
            Files.createDirectories(directory.resolve("tmp"));
            file.setPort("port", options.port())
                    .setIfAbsent("password", Secrets::random)
                    .save();
            Ports.requireFree(port(), "MySQL");
            if (Files.notExists(data())) {
                writeInitFile();
                installation.copyTemplate(data());
            }
            // It names the server before this one. Killed, and not yet reaped by its parent, that one would still count
            // as alive.
            Files.deleteIfExists(data().resolve("mysql.sock.lock"));
        } catch (IOException e) {
            throw new LocalServiceException(
                    "Cannot make MySQL's data in %s: %s".formatted(directory, Disk.explain(e)), e);
        }
    }

    private List<String> command(MySqlInstallation installation) {
        List<String> mysqld = new ArrayList<>(List.of(
                "--datadir=" + data(),
                "--tmpdir=" + directory.resolve("tmp"),
                "--log-error=" + log(),
                "--pid-file=mysqld.pid",
                // Relative to the data directory: the path of a socket may have no more than 107 bytes.
                "--socket=mysql.sock",
                "--bind-address=" + HOST,
                "--port=" + port(),
                "--mysqlx=OFF",
                "--server-id=" + options.serverId(),
                "--default-time-zone=+00:00",
                "--log-bin=binlog",
                "--binlog-format=ROW",
                "--gtid-mode=ON",
                "--enforce-gtid-consistency=ON",
                "--sync-binlog=1",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-buffer-pool-size=256M",
                // As MySQL 8.4 has it by default below 32 cores; the threads of 8.0 spin, at the cost of others.
                "--loose-innodb-log-writer-threads=OFF",
                "--performance-schema=OFF",
                "--max-connections=500"));
        if (Files.exists(initFile())) {
            mysqld.add("--init-file=" + initFile());
        }
        mysqld.addAll(options.mysqld());
        return installation.command(mysqld);
    }

    /** The server sets root's password before it lets anybody in. */
    private void writeInitFile() throws IOException {
        PrivateFile.write(
                initFile(),
                "SET SESSION sql_log_bin = 0;\nALTER USER 'root'@'localhost' IDENTIFIED BY '" + rootPassword()
                        + "';\n");
    }

    private void forgetInitFile() {
        try {
            Files.deleteIfExists(initFile());
        } catch (IOException e) {
            throw new LocalServiceException("Cannot delete " + initFile(), e);
        }
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Path initFile() {
        return directory.resolve("init.sql");
    }
}
