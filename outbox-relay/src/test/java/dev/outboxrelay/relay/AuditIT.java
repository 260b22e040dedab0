package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code audit}: every event of the outbox is accounted for. */
@ExtendWith(CommandExtension.class)
class AuditIT {

    private final Stage stage;
    private final Cli cli;

    AuditIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void each_event_is_confirmed_or_somewhere_else_and_what_is_missing_is_named() throws Exception {
        Ledger ledger = new Ledger(stage);
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> ids = stage.insert("order-1", 1, 4);
        String poison = stage.insertPoison("sick");
        String follower = stage.insert("sick", 2);
        stage.take(4);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 2);
        stage.stopRelays();
        String behind = stage.insert("healthy", 1);
        stage.sql("UPDATE `%s`.outbox SET created_at = created_at - INTERVAL 1 HOUR".formatted(stage.names.orders()))
                .update();
        ledger.sent(ids.subList(0, 1));
        ledger.has(ids.get(1), "FAILED", 0);
        ledger.has(ids.get(2), "SENDING", -3_600);
        cli.run("quarantine", "drop", poison, "--confirm=orders");

        Cli.Result audit = cli.run("audit", "-o", "json");

        assertThat(audit.code()).as(audit.err()).isEqualTo(5);
        assertThat(audit.err())
                .contains("Missing at mail-worker. To publish them again: outbox-relay events republish ", ids.get(3))
                .doesNotContain(behind, follower);
        assertThat(audit.json().path("events").asInt()).isEqualTo(7);
        assertThat(audit.json().path("confirmed")).hasToString("{\"FAILED\":1,\"SENT\":1}");
        assertThat(audit.json().path("unconfirmed"))
                .hasToString("{\"RECENT\":0,\"NOT_YET_PUBLISHED\":1,\"QUARANTINED\":1,\"DROPPED\":1,\"MISSING\":2}");
        assertThat(audit.json().path("missing").valueStream())
                .map(event -> event.path("event").asString() + " "
                        + event.path("consumerSays").asString("nothing"))
                .containsExactlyInAnyOrder(ids.get(2) + " SENDING", ids.get(3) + " nothing");
        assertThat(cli.run("audit").out())
                .containsPattern("(?m)^" + ids.get(3) + " +\\S+Z +\\S+outbox +0 times +nothing$")
                .containsPattern("(?m)^events +7$")
                .containsPattern("(?m)^  SENT +1$")
                .containsPattern("(?m)^missing +2$");
        ledger.sent(ids);
        assertThat(cli.run("audit")).satisfies(clean -> {
            assertThat(clean.code()).isZero();
            assertThat(clean.err()).isEmpty();
            assertThat(clean.out()).containsPattern("(?m)^confirmed +4$").containsPattern("(?m)^missing +0$");
        });
        assertThat(cli.run("audit", "--since=1m", "-o", "json")
                        .json()
                        .path("events")
                        .asInt())
                .isZero();
    }

    @Test
    void without_a_table_that_says_what_the_consumer_has_it_says_what_to_set() {
        stage.properties.remove("relay.verification.confirmations");

        Cli.Result refused = cli.run("audit");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("relay.verification.confirmations: is missing");
        stage.properties.put("relay.verification.confirmations", "nobody.knows");
        assertThat(cli.run("audit")).satisfies(unknown -> {
            assertThat(unknown.code()).isEqualTo(1);
            assertThat(unknown.err()).contains("nobody.knows can't be read: ").doesNotContain("\tat ");
        });
    }
}
