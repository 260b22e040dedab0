package dev.outboxrelay.relay.cli;

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
 * to anything, it loads what only a connection would, since these would be read, checked and linked at each start.
 */
final class ClassArchive {

    /** A class of each library that a connection needs, and one of ours. */
    private static final List<String> LIBRARIES = List.of(
            "com.mysql.cj.jdbc.Driver",
            "com.rabbitmq.client.ConnectionFactory",
            "com.github.shyiko.mysql.binlog.BinaryLogClient",
            "io.debezium.connector.mysql.MySqlConnector",
            "io.debezium.connector.binlog.BinlogConnectorConfig",
            "io.debezium.relational.RelationalDatabaseConnectorConfig",
            "io.debezium.config.Configuration",
            "io.debezium.util.Clock",
            "org.springframework.jdbc.core.JdbcTemplate",
            "org.springframework.dao.DataAccessException",
            "tools.jackson.core.JsonParser",
            "tools.jackson.databind.json.JsonMapper",
            "dev.outboxrelay.relay.cli.OutboxRelay");

    /** Of the JDK: TLS, its ciphers, and the character sets of MySQL's driver. Where they are depends on the JDK's version. */
    private static final List<String> JDK = List.of(
            "java.base/sun/security",
            "java.base/com/sun/crypto/provider",
            "java.base/sun/nio/cs",
            "jdk.crypto.ec/sun/security/ec");

    private ClassArchive() {}

    public static void main(String[] args) throws ClassNotFoundException, IOException, URISyntaxException {
        for (String library : LIBRARIES) {
            Path jar = Path.of(Class.forName(library, false, ClassArchive.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (FileSystem files = FileSystems.newFileSystem(jar)) {
                loadAll(files.getPath("/"));
            }
        }
        for (String part : JDK) {
            Path directory = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/" + part);
            if (Files.isDirectory(directory)) {
                loadAll(directory);
            }
        }
        OutboxRelay.main(args);
    }

    private static void loadAll(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.map(Path::toString)
                    .filter(file -> file.endsWith(".class") && !file.contains("-"))
                    .map(file -> file.replaceFirst("^/(modules/[^/]+/)?", ""))
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
