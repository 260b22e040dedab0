package dev.outboxrelay.demo.docs;

import dev.outboxrelay.demo.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rows of a page's tables. */
public final class Tables {

    private static final Pattern RULE = Pattern.compile("[|\\s:-]+");

    private Tables() {}

    /** The cells of each row, of all tables of the page, heads included. */
    public static List<List<String>> of(String page) {
        Path file = Home.find().root().resolve(page);
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(
                            line -> line.startsWith("|") && !RULE.matcher(line).matches())
                    .map(line -> Stream.of(line.substring(1).split("(?<!\\\\)\\|", -1))
                            .map(String::strip)
                            .toList())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + page, e);
        }
    }
}
