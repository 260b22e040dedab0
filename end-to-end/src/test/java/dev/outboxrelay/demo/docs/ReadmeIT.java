package dev.outboxrelay.demo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.Shell;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** README.md: its shell blocks in order are a run of the demo, one in the background, an order, and its end. */
class ReadmeIT {

    private static final Path ROOT = Home.find().root();
    private static final Markdown README = Markdown.read(ROOT.resolve("README.md"));
    private static final List<String> COMMANDS = README.of("sh");
    private static final String USE = "eval \"$(bin/demo --env)\"\n";

    @AfterEach
    void leaveNothingRunning() {
        run("bin/demo --stop");
    }

    @Test
    void the_demo_accounts_for_every_order_as_shown() {
        String output = run(COMMANDS.get(0));

        assertThat(output).endsWith("placed=200 mailed=200 lost=0 duplicated=0\n");
    }

    @Test
    void an_order_placed_from_outside_is_seen_at_every_step_as_shown() throws Exception {
        run(COMMANDS.get(1));
        SoftAssertions shown = new SoftAssertions();
        try (OneOrder order = new OneOrder(environment())) {
            shown.assertThat(README.shows("json", run(USE + COMMANDS.get(2)))).isEmpty();
            shown.assertThat(README.shows("text", order.row())).isEmpty();
            shown.assertThat(README.shows("text", order.message())).isEmpty();
            shown.assertThat(README.shows("text", order.mail())).isEmpty();
        }
        shown.assertAll();
        assertThat(run(COMMANDS.get(3))).contains("The demo has ended.");
        assertThat(run("bin/demo --stop")).contains("The demo does not run.");
    }

    @Test
    void its_shell_blocks_are_these_four_and_no_other() {
        assertThat(COMMANDS).hasSize(4);
        assertThat(COMMANDS.get(1)).contains("bin/demo --detach").contains(USE.strip());
        assertThat(COMMANDS.get(3)).isEqualTo("bin/demo --stop\n");
    }

    private static Map<String, String> environment() {
        return run(USE + "env")
                .lines()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> second));
    }

    private static String run(String script) {
        Shell shell = Shell.run(ROOT, Map.of(), "bash", "-euc", script);
        assertThat(shell.exitCode()).as(script + shell.output()).isZero();
        return shell.output();
    }
}
