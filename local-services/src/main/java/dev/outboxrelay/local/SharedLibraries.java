package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The system's libraries that MySQL's programs are linked to, on Linux. */
final class SharedLibraries {

    /** Where libaio1 is called libaio1t64, apt takes the old name too. */
    private static final Map<String, String> DEBIAN_PACKAGES = Map.of(
            "libaio.so.1", "libaio1",
            "libnuma.so.1", "libnuma1",
            "libncurses.so.6", "libncurses6",
            "libtinfo.so.6", "libtinfo6",
            "libstdc++.so.6", "libstdc++6",
            "libgcc_s.so.1", "libgcc-s1");

    /** Where newer Debians and Ubuntus have what they renamed for 64-bit time; the content fits all the same. */
    private static final String RENAMED = "libaio.so.1t64";

    private SharedLibraries() {}

    /** Sees to it that the program finds all of its libraries, installing what is missing where we can. */
    static void ensure(Path program, Path privateLibraries) {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                || Executable.find("ldd").isEmpty()) {
            return;
        }
        List<String> missing = missing(program);
        if (missing.contains("libaio.so.1") && link(privateLibraries)) {
            missing = missing(program);
        }
        if (missing.isEmpty()) {
            return;
        }
        Packages.install(
                missing.stream()
                        .map(library -> DEBIAN_PACKAGES.getOrDefault(library, library))
                        .toList(),
                "MySQL needs " + String.join(", ", missing) + ".");
        if (missing.contains("libaio.so.1")) {
            link(privateLibraries);
        }
        List<String> stillMissing = missing(program);
        if (!stillMissing.isEmpty()) {
            throw new LocalServiceException(program + " does not find " + String.join(", ", stillMissing));
        }
    }

    /** Gives the renamed library its old name where only MySQL looks; false if it is not installed. */
    private static boolean link(Path privateLibraries) {
        try (Stream<Path> directories = Files.list(Path.of("/usr/lib"))) {
            List<Path> renamed = directories
                    .map(directory -> directory.resolve(RENAMED))
                    .filter(Files::exists)
                    .toList();
            Path link = privateLibraries.resolve("libaio.so.1");
            if (renamed.isEmpty() || Files.exists(link) || !Files.isWritable(privateLibraries)) {
                return false;
            }
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, renamed.get(0));
            return true;
        } catch (IOException e) {
            throw new LocalServiceException("Cannot link " + RENAMED + " into " + privateLibraries, e);
        }
    }

    private static List<String> missing(Path program) {
        return output("ldd", program.toString())
                .lines()
                .filter(line -> line.contains("not found"))
                .map(line -> line.strip().split("\\s", 2)[0])
                .toList();
    }

    private static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } catch (IOException notThere) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServiceException("Interrupted while running " + command[0], e);
        }
    }
}
