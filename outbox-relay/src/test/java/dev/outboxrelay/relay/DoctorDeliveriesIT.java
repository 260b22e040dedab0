package dev.outboxrelay.relay;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code doctor} where deliveries are verified, or should be. */
@ExtendWith(CommandExtension.class)
class DoctorDeliveriesIT {

    private final Stage stage;
    private final DoctorSetUp doctor;

    DoctorDeliveriesIT(Stage stage, Cli cli) throws Exception {
        this.stage = stage;
        doctor = new DoctorSetUp(stage, cli);
    }

    @Test
    void what_is_wrong_with_the_verification_of_deliveries_is_named_with_its_fix() {
        deliveries("ok", "mail-worker confirms them", null);
        deliveries(
                "failed",
                "nobody.knows can't be read",
                "SELECT on it",
                "--relay.verification.confirmations=nobody.knows");
        new Ledger(stage).longBegun();
        deliveries("warning", "written 2h 0m ago", "audit");
        stage.sql("INSERT INTO `%s`.relay_verification VALUES ('orders', 'of.before', NOW(6) - INTERVAL 2 DAY)"
                        .formatted(stage.names.relay()))
                .update();
        deliveries("warning", "written 2h 0m ago", "audit");
        deliveries("ok", "none is missing", null, "--relay.verification.after=2h");
        stage.sql(
                        "INSERT INTO `%s`.relay_unconfirmed (name, source_table, event_id, written_at, given_up) VALUES ('orders', ?, 'lost', NOW(6), TRUE)"
                                .formatted(stage.names.relay()))
                .param(stage.names.orders() + ".outbox")
                .update();
        deliveries("warning", "mail-worker never confirmed 1 event", "audit");
        stage.sql("DROP TABLE `%s`.relay_unconfirmed".formatted(stage.names.relay()))
                .update();
        deliveries("failed", "relay_unconfirmed", "flyway.jar");
        doctor.softly.assertAll();
    }

    private void deliveries(String result, String evidence, @Nullable String fix, String... properties) {
        doctor.broken("position deliveries", result, evidence, fix, properties);
    }
}
