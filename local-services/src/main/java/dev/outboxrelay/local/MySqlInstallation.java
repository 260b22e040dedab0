package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * MySQL's programs, and a data directory initialised by them once, from which that of every new server is copied.
 *
 * @param home the directory with bin, lib and share
 * @param mysqld the server's program
 * @param template an initialised data directory whose root has no password
 */
record MySqlInstallation(Path home, Path mysqld, Path template) {

    private static final long ROOM_MEGABYTES = 500;

    /** The installation named by MYSQL_HOME, else the one that we unpack into the user's cache; made complete on return. */
    static MySqlInstallation locate() {
        Path cache = UserDirectories.cache();
        String named = System.getenv("MYSQL_HOME");
        if (named != null && !named.isBlank()) {
            Path home = Path.of(named).toAbsolutePath();
            Path mysqld = mysqldIn(home);
            return withTemplate(home, mysqld, cache.resolve("mysql-" + fingerprint(mysqld) + "-template"));
        }
        Path home = MySqlDistribution.unpackedInto(cache);
        return withTemplate(home, home.resolve("bin/mysqld"), cache.resolve(home.getFileName() + "-template"));
    }

    /** Another release in the same place needs another template. */
    private static String fingerprint(Path mysqld) {
        try {
            Path real = mysqld.toRealPath();
            return Integer.toHexString(
                    (real + " " + Files.size(real) + " " + Files.getLastModifiedTime(real)).hashCode());
        } catch (IOException e) {
            throw new LocalServiceException("Cannot read " + mysqld, e);
        }
    }

    private static Path mysqldIn(Path home) {
        return Stream.of("bin", "sbin", "libexec")
                .map(directory -> home.resolve(directory).resolve("mysqld"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new LocalServiceException(
                        "MYSQL_HOME is " + home + ", but there is no bin/mysqld, sbin/mysqld or libexec/mysqld in it"));
    }

    private static MySqlInstallation withTemplate(Path home, Path mysqld, Path template) {
        SharedLibraries.ensure(mysqld, home.resolve("lib/private"));
        MySqlInstallation installation = new MySqlInstallation(home, mysqld, template);
        OnceMade.directory(template, installation::initialise);
        return installation;
    }

    private void initialise(Path directory) throws Exception {
        Path log = directory.resolveSibling(directory.getFileName() + ".log");
        List<String> options = List.of(
                "--initialize-insecure",
                "--datadir=" + directory,
                "--innodb-redo-log-capacity=32M",
                "--log-error=" + log);
        Files.createDirectory(directory);
        if (new Launch(command(options), environment -> {}, directory, log, Life.OURS).run() != 0) {
            throw new LocalServiceException("MySQL cannot make its data directory. " + Logs.tail(log));
        }
        // Every server has a UUID of its own; it makes one when it finds none.
        Files.deleteIfExists(directory.resolve("auto.cnf"));
        Files.deleteIfExists(log);
    }

    /** Makes a data directory like the template; whoever finds the directory finds it whole. */
    void copyTemplate(Path data) throws IOException {
        Disk.requireRoom(data, ROOM_MEGABYTES);
        Path unfinished = data.resolveSibling(data.getFileName() + ".unfinished");
        Trees.delete(unfinished);
        Trees.copy(template, unfinished);
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The server with these options and with none from the machine's configuration files. */
    List<String> command(List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(mysqld.toString());
        command.add("--no-defaults");
        command.add("--basedir=" + home);
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root");
        }
        command.addAll(options);
        return command;
    }
}
