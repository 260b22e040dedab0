package dev.outboxrelay.demo.deploy;

import dev.outboxrelay.demo.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics that the modules' READMEs name; the modules' own tests compare them with what Prometheus sees. */
record DocumentedMetrics(Set<String> names) {

    private static final Pattern NAME = Pattern.compile("`([a-z][a-z0-9_]+)(?:\\{[a-z]+})?`");
    private static final String RELAY = "outbox_relay_";

    static DocumentedMetrics read() {
        return new DocumentedMetrics(Stream.of(
                        section("outbox-relay", "All begin with `outbox_relay_`:", "What is not known")
                                .map(name -> RELAY + name),
                        section("mail-worker", "\n## Health and metrics\n", "\n## "),
                        section("order-app", "\n## Metrics\n", "\n## "))
                .flatMap(names -> names)
                .collect(Collectors.toSet()));
    }

    /** Whether there is a series of that name; a histogram's have ends of their own. */
    boolean has(String series) {
        return names.contains(series)
                || (series.endsWith("_bucket") && names.contains(series.substring(0, series.length() - 7)));
    }

    private static Stream<String> section(String module, String heading, String end) {
        try {
            String readme = Files.readString(Home.find().root().resolve(module).resolve("README.md"));
            int begin = readme.indexOf(heading) + heading.length();
            return NAME
                    .matcher(readme.substring(begin, readme.indexOf(end, begin)))
                    .results()
                    .map(found -> found.group(1))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the README of " + module, e);
        }
    }
}
