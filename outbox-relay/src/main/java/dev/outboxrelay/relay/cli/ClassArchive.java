package dev.outboxrelay.relay.cli;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.mysql.cj.jdbc.Driver;
import com.rabbitmq.client.ConnectionFactory;
import io.debezium.config.Configuration;
import io.debezium.connector.binlog.BinlogConnectorConfig;
import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.relational.RelationalDatabaseConnectorConfig;
import io.debezium.util.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the build runs to make the archive of classes with which the relay starts: beside a start that ends before it connects
 * to anything, it loads what only a connection would, since reading, checking and linking these takes a second of CPU.
 */
final class ClassArchive {

    /** A class of each library that talks to a server, and one of ours. */
    private static final List<Class<?>> LIBRARIES = List.of(
            Driver.class,
            ConnectionFactory.class,
            BinaryLogClient.class,
            MySqlConnector.class,
            BinlogConnectorConfig.class,
            Configuration.class,
            Clock.class,
            RelationalDatabaseConnectorConfig.class,
            OutboxRelay.class);

    private ClassArchive() {}

    public static void main(String[] args) throws IOException, URISyntaxException {
        for (Class<?> library : LIBRARIES) {
            Path jar = Path.of(
                    library.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (FileSystem files = FileSystems.newFileSystem(jar)) {
                loadAll(files.getPath("/"));
            }
        }
        loadAll(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base/sun/security/ssl"));
        OutboxRelay.main(args);
    }

    private static void loadAll(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.map(Path::toString)
                    .filter(file -> file.endsWith(".class") && !file.contains("-"))
                    .map(file -> file.replaceFirst("^/(modules/java\\.base/)?", ""))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .forEach(ClassArchive::load);
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, ClassArchive.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // It belongs to something optional that is not here, so that no run loads it either.
        }
    }
}
