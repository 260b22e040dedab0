package dev.outboxrelay.demo.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How an image starts its application. */
public final class EntryPoint {

    private static final Pattern ENTRY_POINT = Pattern.compile("ENTRYPOINT \\[\"java\", (.*), \"-jar\"");

    private EntryPoint() {}

    /** The options for the JVM, from the Dockerfile; a file of options is the one of the module. */
    public static List<String> options(String service) throws IOException {
        Path module = Home.find().root().resolve(service);
        Matcher entryPoint = ENTRY_POINT.matcher(Files.readString(module.resolve("Dockerfile")));
        assertThat(entryPoint.find()).as(service + "'s entry point").isTrue();
        return new ArrayList<>(Stream.of(entryPoint.group(1).split(", "))
                .map(option -> option.replace("\"", ""))
                .map(option -> option.startsWith("@") ? "@" + module.resolve(option.substring(1)) : option)
                .toList());
    }
}
