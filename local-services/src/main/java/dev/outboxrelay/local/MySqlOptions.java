package dev.outboxrelay.local;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How to start a MySQL server; immutable, each method returns a changed copy.
 *
 * @param serverId unique among servers that replicate from each other
 * @param port 0 for any free one
 * @param mysqld more options for mysqld, such as {@code --gtid-mode=OFF}; they win over ours
 */
public record MySqlOptions(int serverId, int port, Life life, List<String> mysqld) {

    public MySqlOptions {
        mysqld = List.copyOf(mysqld);
    }

    public MySqlOptions serverId(int id) {
        return new MySqlOptions(id, port, life, mysqld);
    }

    public MySqlOptions port(int wanted) {
        return new MySqlOptions(serverId, wanted, life, mysqld);
    }

    public MySqlOptions options(String... more) {
        return new MySqlOptions(
                serverId,
                port,
                life,
                Stream.concat(mysqld.stream(), Stream.of(more)).toList());
    }

    MySqlOptions life(Life how) {
        return new MySqlOptions(serverId, port, how, mysqld);
    }

    /** See {@link MySqlServer#start(Path)}. */
    public MySqlServer start(Path directory) {
        MySqlServer server = new MySqlServer(directory.toAbsolutePath(), this);
        server.start();
        return server;
    }
}
