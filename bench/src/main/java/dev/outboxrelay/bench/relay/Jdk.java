package dev.outboxrelay.bench.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Java installation on this machine. */
record Jdk(Path home, int feature) {

    private static final Path USUAL_PLACE = Path.of("/usr/lib/jvm");
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    /** One of at least that release: our own, the one that JAVA_HOME names, or one where distributions put them. */
    static Optional<Jdk> atLeast(int feature) {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Optional.ofNullable(System.getenv("JAVA_HOME")).map(Path::of).ifPresent(homes::add);
        if (Files.isDirectory(USUAL_PLACE)) {
            try (Stream<Path> installed = Files.list(USUAL_PLACE)) {
                installed.sorted().forEach(homes::add);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot list " + USUAL_PLACE, e);
            }
        }
        return firstOf(homes, feature);
    }

    /** The first of them that is a JDK of at least that release. */
    static Optional<Jdk> firstOf(List<Path> homes, int feature) {
        return homes.stream()
                .flatMap(home -> in(home).stream())
                .filter(jdk -> jdk.feature() >= feature)
                .findFirst();
    }

    Path java() {
        return home.resolve("bin/java");
    }

    private static Optional<Jdk> in(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find() ? Optional.of(new Jdk(home, Integer.parseInt(version.group(1)))) : Optional.empty();
        } catch (IOException none) {
            return Optional.empty();
        }
    }
}
