package dev.outboxrelay.demo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No link between the pages of this repository is dead. */
class LinksTest {

    private static final Path ROOT = Home.find().root();
    private static final int DEEP = 4;

    @Test
    void every_link_leads_to_a_file_and_a_heading_that_are_there() throws IOException {
        List<String> dead = new ArrayList<>();
        List<Page> pages = pages();
        for (Page page : pages) {
            for (String link : page.links()) {
                if (!link.matches("[a-z]+:.*") && isDead(page, link)) {
                    dead.add(ROOT.relativize(page.file()) + " → " + link);
                }
            }
        }

        assertThat(pages).hasSizeGreaterThan(15);
        assertThat(dead).isEmpty();
    }

    private static boolean isDead(Page page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? page.file()
                : page.file().resolveSibling(parts[0]).normalize();
        return !target.startsWith(ROOT)
                || !Files.exists(target)
                || (parts.length == 2 && !Page.read(target).anchors().contains(parts[1]));
    }

    private static List<Page> pages() throws IOException {
        try (Stream<Path> files = Files.find(
                ROOT,
                DEEP,
                (file, attributes) ->
                        file.toString().endsWith(".md") && !file.toString().contains("/target/"))) {
            return files.sorted().map(Page::read).toList();
        }
    }
}
