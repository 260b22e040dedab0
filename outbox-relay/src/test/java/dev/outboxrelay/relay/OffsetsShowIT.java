package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.Ports;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** {@code offsets show} and {@code lag}. */
@ExtendWith(CommandExtension.class)
class OffsetsShowIT {

    private final Stage stage;
    private final Cli cli;

    OffsetsShowIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void show_and_lag_tell_where_the_relay_stands_and_what_is_behind_it() throws Exception {
        assertThat(cli.run("lag")).satisfies(never -> {
            assertThat(never.code()).isEqualTo(4);
            assertThat(never.out()).isEmpty();
            assertThat(never.err()).contains("no offset is stored for relay 'orders'");
        });
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        assertThat(cli.run("offsets", "show").out()).contains("running    yes: ", "lease for another ");
        stage.insert("order-1", 1);
        stage.take(1);
        // What the relay writes itself is no backlog: with nothing to publish it is 0 behind.
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> cli.run("lag", "--max-seconds=0").out().contains(" seconds=0 "));
        assertThat(cli.run("lag").out()).contains(" events=0 ", " running=true ");
        relay.close();
        for (int n = 2; n <= 4; n++) {
            stage.insert("order-1", n);
        }

        Cli.Result shown = cli.run("offsets", "show");
        assertThat(shown.code()).isZero();
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .containsPattern("(?m)^relay +orders$")
                .containsPattern("(?m)^running +no: the lease has been free for .*, held last by .*, epoch 1$")
                .containsPattern("(?m)^GTIDs +[0-9a-f-]{36}:")
                .containsPattern("(?m)^behind +3 events, [1-9]\\d* transactions, [1-9]\\d* bytes of binlog; ")
                .containsPattern("(?m)^purge in +29d 23h|30d 0h \\(the server keeps its binlog for 30d 0h\\)$")
                .contains("yes: the server has everything behind this position")
                .doesNotContain("relay-pw");
        JsonNode json = cli.run("offsets", "show", "-o", "json").json();
        assertThat(json.path("valid").asBoolean()).isTrue();
        assertThat(json.path("leaseHeld").asBoolean()).isFalse();
        assertThat(json.path("events").asLong()).isEqualTo(1);
        assertThat(json.path("transactionsBehind").asLong()).isGreaterThanOrEqualTo(3);
        assertThat(json.path("bytesBehind").asLong()).isPositive();

        Cli.Result lag = cli.run("lag", "--max-transactions=2");
        assertThat(lag.code()).isEqualTo(3);
        assertThat(lag.out().strip())
                .matches(
                        "relay=orders events=3 transactions=\\d+ bytes=\\d+ seconds=\\d+ purge_seconds=\\d+ running=false position=valid");
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> cli.run("lag", "--max-seconds=0").code() == 3);
        assertThat(cli.run("lag", "--max-transactions=1000", "--max-seconds=3600")
                        .code())
                .isZero();

        stage.purgeBinlogs();
        assertThat(cli.run("lag", "-o", "json")).satisfies(lost -> {
            assertThat(lost.code()).isEqualTo(4);
            assertThat(lost.json().path("position").asString()).isEqualTo("lost");
            assertThat(lost.json().path("seconds").isNull()).isTrue();
        });
        assertThat(cli.run("offsets", "show")).satisfies(lost -> {
            assertThat(lost.code()).isEqualTo(4);
            assertThat(lost.out()).contains("NO: the server has purged transactions behind it");
        });
    }

    @Test
    void show_tells_what_the_relay_is_doing_and_who_stands_by() throws Exception {
        Stage.Running first = stage.startRelay();
        first.awaitState(RelayState.STREAMING);
        awaitShown("(?m)^state +STREAMING for \\S+: publishing what is committed$");
        assertThat(cli.run("offsets", "show").out()).doesNotContain("others");
        Stage.Running second = stage.startRelay();
        awaitShown("(?m)^others +STANDBY for \\S+: \\d+@");
        JsonNode beside = cli.run("offsets", "show", "-o", "json").json();
        assertThat(beside.path("state").asString()).isEqualTo("STREAMING");
        assertThat(beside.path("stateIsCurrent").asBoolean()).isTrue();
        assertThat(beside.path("others").size()).isEqualTo(1);
        assertThat(beside.path("others").path(0).path("reason").asString())
                .isEqualTo("the lease is held by " + beside.path("leaseOwner").asString());
        second.close();

        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        String held = stage.insert("order-1", 1);
        awaitShown("(?m)^state +BLOCKED for \\S+: .*" + held + ".* no queue is bound");
        awaitShown("(?m)^running +yes, between two tries: the lease has been free for ");
        assertThat(cli.run("lag").out()).contains(" running=true ");
        stage.bind(Stage.QUEUE, "#");
        awaitShown("(?m)^state +STREAMING for ");

        first.close();
        assertThat(cli.run("offsets", "show").out())
                .containsPattern("(?m)^state +STOPPED \\S+ ago$")
                .doesNotContain("others");
        stage.sql("UPDATE `%s`.relay_state SET state = 'STREAMING', said_at = said_at - INTERVAL 1 MINUTE"
                        .formatted(stage.names.relay()))
                .update();
        assertThat(cli.run("offsets", "show").out())
                .containsPattern("(?m)^state +unknown: \\d+@\\S+ said STREAMING 1m \\d+s ago, and then nothing more");
        JsonNode silent = cli.run("offsets", "show", "-o", "json").json();
        assertThat(silent.path("stateIsCurrent").asBoolean()).isFalse();

        stage.sql("UPDATE `%s`.relay_state SET state = 'OF_A_NEWER_RELAY'".formatted(stage.names.relay()))
                .update();
        assertThat(cli.run("offsets", "show").out()).containsPattern("(?m)^state +unknown: no relay has ever said$");
    }

    @Test
    void a_relay_that_has_not_got_as_far_as_a_position_is_shown_with_what_it_waits_for() throws Exception {
        stage.brokerAt(Ports.free());
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.BACKOFF);

        awaitShown("(?m)^state +BACKOFF for \\S+: .*RabbitMQ at 127.0.0.1");
        assertThat(cli.run("offsets", "show")).satisfies(shown -> {
            assertThat(shown.code()).isEqualTo(4);
            assertThat(shown.out()).containsPattern("(?m)^running +yes");
            assertThat(shown.err()).contains("no offset is stored for relay 'orders': no run of it has got so far");
        });
        Cli.Result json = cli.run("offsets", "show", "-o", "json");
        assertThat(json.code()).isEqualTo(4);
        assertThat(json.json().path("offset").isNull()).isTrue();
        assertThat(json.json().path("valid").asBoolean(true)).isFalse();
        assertThat(json.json().path("state").asString()).isIn("BACKOFF", "STARTING");
    }

    @Test
    void a_relay_whose_schema_is_older_than_its_state_runs_without_telling_it() throws Exception {
        stage.sql("DROP TABLE `%s`.relay_state".formatted(stage.names.relay())).update();
        stage.startRelay().awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        assertThat(cli.run("offsets", "show")).satisfies(shown -> {
            assertThat(shown.code()).isZero();
            assertThat(shown.out()).contains("unknown: relay_state is not there, or may not be read; flyway makes it");
        });
    }

    private void awaitShown(String pattern) {
        Awaitility.await(pattern).atMost(Stage.PATIENCE).until(() -> Pattern.compile(pattern)
                .matcher(cli.run("offsets", "show").out())
                .find());
    }
}
