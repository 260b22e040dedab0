package dev.outboxrelay.demo.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The fenced blocks of a page, in order. */
record Markdown(List<Block> blocks) {

    private static final Pattern FENCED = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    /** One block and the language after its fence. */
    record Block(String language, String text) {}

    static Markdown read(Path page) {
        try {
            return new Markdown(FENCED.matcher(Files.readString(page))
                    .results()
                    .map(found -> new Block(found.group(1), found.group(2)))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + page, e);
        }
    }

    /** The blocks of that language. */
    List<String> of(String language) {
        return blocks.stream()
                .filter(block -> block.language().equals(language))
                .map(Block::text)
                .toList();
    }

    /** Nothing if a block of that language shows this text, but for ids and times; the text if none does. */
    String shows(String language, String actual) {
        boolean shown = of(language).stream().map(Shape::of).anyMatch(Shape.of(actual)::equals);
        return shown ? "" : actual;
    }
}
