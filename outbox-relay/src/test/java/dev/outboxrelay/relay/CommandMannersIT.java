package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all commands have in common: how they take mistakes, secrets and a terminal. */
@ExtendWith(CommandExtension.class)
class CommandMannersIT {

    private final Stage stage;
    private final Cli cli;

    CommandMannersIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void mistakes_end_with_a_sentence_and_an_exit_code() throws Exception {
        assertThat(cli.run("lag", "--max-second=1").code()).isEqualTo(2);
        assertThat(cli.run("lag", "--max-seconds=soon").code()).isEqualTo(2);
        assertThat(cli.run("offsets").err()).contains("Say what to do with them: show");
        assertThat(cli.run("offsets", "rewind").err()).startsWith("outbox-relay: Missing required argument");
        assertThat(cli.run("lag", "--max-second=1").err())
                .startsWith("outbox-relay: Unknown option: '--max-second'")
                .contains("Usage: outbox-relay lag [", "Try 'outbox-relay lag --help'.")
                .doesNotContain("Exit code 3");
        for (String zero : List.of(
                "offsets history --limit=0",
                "quarantine list --limit=0",
                "events tail --limit=0",
                "offsets rewind --to-time=1h --limit=0",
                "events republish --since=1h --rate=0")) {
            assertThat(cli.run(zero.split(" "))).as(zero).satisfies(refused -> {
                assertThat(refused.code()).isEqualTo(2);
                assertThat(refused.err()).contains("must be a whole number, at least 1, not 0");
            });
        }
        assertThat(cli.run("lag", "--max-seconds=-1").err())
                .contains("'--max-seconds': must be a whole number, at least 0");
        assertThat(cli.run("lag", "--relay.nmae=orders")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("relay.nmae");
        });
        assertThat(cli.run("lag", "--relay.name=no spaces", "--relay.window.messages=0"))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(2);
                    assertThat(refused.err())
                            .contains("relay.name: must be", "relay.window.messages: must be at least 1");
                });
        assertThat(Cli.runAlone("lag", "--spring.datasource.password=s3cret")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("a command line is no place for a password")
                    .doesNotContain("s3cret");
        });
        assertThat(Cli.runAlone("lag", "--spring.datasource.url=jdbc:mysql://127.0.0.1/relay?user=a&password=s3cret"))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(2);
                    assertThat(refused.err())
                            .contains("no place for a password")
                            .doesNotContain("s3cret");
                });
        for (String mistyped : List.of(
                "run --datasource.password=s3cret",
                "run datasource.password=s3cret",
                "lag --spring.datasource.password s3cret",
                "lag datasource.password=s3cret")) {
            assertThat(Cli.runAlone(mistyped.split(" "))).as(mistyped).satisfies(refused -> {
                assertThat(refused.code()).isEqualTo(2);
                assertThat(refused.err()).contains("datasource.password").doesNotContain("s3cret");
            });
        }
        assertThat(cli.run("lag", "--spring.datasource.username=nobody")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("MySQL refused the login").doesNotContain("relay-pw");
        });
        assertThat(cli.run("lag", "--relay.schema=elsewhere")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("Is relay.schema right, and has flyway");
        });
        int port = Ports.free();
        stage.databaseAt(port);
        assertThat(cli.run("lag")).satisfies(down -> {
            assertThat(down.code()).isEqualTo(1);
            assertThat(down.err())
                    .contains("MySQL at 127.0.0.1:" + port + " can't be reached (spring.datasource.url)")
                    .doesNotContain("\tat ");
        });
        Path broken = Files.writeString(cli.directory().resolve("application.yaml"), "relay: [");
        assertThat(cli.run("lag")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("outbox-relay: the configuration files can't be read: ");
        });
        Files.delete(broken);
        stage.properties.put("spring.datasource.url", "jdbc:mariadb://user:s3cret@db/relay?password=s3cret");
        assertThat(cli.run("lag")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("spring.datasource.url: must look like jdbc:mysql://host:3306/relay")
                    .doesNotContain("s3cret");
        });
    }

    @Test
    void every_command_writes_json_and_refuses_an_option_that_it_does_not_know() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);
        String poison = stage.insertPoison("order-2");
        stage.take(1);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 1);
        stage.stopRelays();
        Path position = Files.writeString(
                cli.directory().resolve("position.json"),
                cli.run("offsets", "export").out());

        for (String command : List.of(
                "lag",
                "doctor",
                "offsets show",
                "offsets history",
                "offsets rewind --to-event=" + id + " --dry-run",
                "offsets skip --to-time=0s --dry-run",
                "offsets export",
                "offsets import " + position + " --dry-run",
                "events show " + id,
                "events tail --from=" + id + " --limit=1",
                "events republish " + id + " --dry-run",
                "quarantine list",
                "quarantine show " + poison,
                "quarantine drop --all --dry-run",
                "quarantine retry --all")) {
            Cli.Result result = cli.run((command + " -o json").split(" "));
            assertThat(result.json().isContainer())
                    .as("%s: %s", command, result)
                    .isTrue();
            assertThat(cli.run((command + " --dri-run").split(" "))).as(command).satisfies(refused -> {
                assertThat(refused.code()).isEqualTo(2);
                assertThat(refused.out()).isEmpty();
                assertThat(refused.err()).startsWith("outbox-relay: Unknown option: '--dri-run'");
            });
        }
        assertThat(stage.quarantine()).hasSize(1);
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
        assertThat(cli.run("offsets", "undo", "--dri-run").err()).contains("Unknown option: '--dri-run'");
    }

    @Test
    void on_a_terminal_there_are_colours_unless_they_are_not_wanted() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script (util-linux) gives the terminal");
        stage.brokerAt(Ports.free());

        try (ChildProcess coloured = cli.startAtTerminal("", Map.of("TERM", "xterm"), "doctor")) {
            assertThat(coloured.awaitExit(Stage.PATIENCE)).as(coloured.output()).isEqualTo(4);
            assertThat(coloured.output()).containsPattern("\u001b\\[1m?.*failed");
        }
        try (ChildProcess plain = cli.startAtTerminal("", Map.of("TERM", "xterm", "NO_COLOR", "1"), "doctor")) {
            assertThat(plain.awaitExit(Stage.PATIENCE)).as(plain.output()).isEqualTo(4);
            assertThat(plain.output()).contains("failed ").doesNotContain("\u001b");
        }
    }

    @Test
    void the_relay_takes_no_password_from_its_command_line_and_does_not_run_by_a_mistyped_option() {
        try (ChildProcess secret = cli.start("run", "--spring.datasource.password=s3cret");
                ChildProcess mistyped = cli.start("run", "--dryRun=true")) {
            assertThat(secret.awaitExit(Stage.PATIENCE)).as(secret.output()).isEqualTo(2);
            assertThat(secret.output())
                    .contains("a command line is no place for a password")
                    .doesNotContain("s3cret");
            assertThat(mistyped.awaitExit(Stage.PATIENCE)).as(mistyped.output()).isEqualTo(2);
            assertThat(mistyped.output()).contains("Unknown option: '--dryRun'");
        }
    }
}
