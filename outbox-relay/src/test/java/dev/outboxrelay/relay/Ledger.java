package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/** A consumer that says what it has, in the mail worker's table of a stage. */
record Ledger(Stage stage) {

    /** The relay looks all the time, and publishes what is lost once more and no more. */
    static Ledger watched(Stage stage) {
        stage.properties.put("relay.verification.after", "1s");
        stage.properties.put("relay.verification.redrives", "1");
        stage.properties.put("relay.verification.interval", "50ms");
        return new Ledger(stage);
    }

    /** As if the relay had verified for two hours; everything that stands in the table was written an hour ago, a second apart. */
    void longBegun() {
        stage.sql("INSERT INTO `%s`.relay_verification VALUES ('orders', ?, NOW(6) - INTERVAL 2 HOUR)"
                        .formatted(stage.names.relay()))
                .param(stage.names.orders() + ".outbox")
                .update();
        stage.sql(
                        "UPDATE `%s`.outbox SET created_at = NOW(6) - INTERVAL 1 HOUR + INTERVAL COALESCE(aggregate_version, 0) SECOND"
                                .formatted(stage.names.orders()))
                .update();
    }

    /** All at once. */
    void sent(List<String> ids) {
        stage.sql("REPLACE INTO `%s`.processed_messages (consumer, message_id, state) VALUES %s"
                        .formatted(
                                stage.names.mail(),
                                String.join(", ", Collections.nCopies(ids.size(), "('mail-worker', ?, 'SENT')"))))
                .params(ids)
                .update();
    }

    /** @param due seconds from now until which the consumer is at work on it */
    void has(String id, String state, int due) {
        stage.sql("""
                        REPLACE INTO `%s`.processed_messages (consumer, message_id, state, retry_at, created_at, updated_at)
                        VALUES ('mail-worker', ?, ?, NOW(6) + INTERVAL ? SECOND, NOW(6) - INTERVAL 3 HOUR, NOW(6) - INTERVAL 3 HOUR)""".formatted(stage.names.mail())).params(id, state, due).update();
    }

    /** Writes an event that the consumer has by then. */
    String insertConfirmed() {
        UUID id = UUID.randomUUID();
        sent(List.of(id.toString()));
        stage.sql(
                        "INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload) VALUES (?, 'Order', 'fine', 'OrderPlaced', '{}')"
                                .formatted(stage.names.orders()))
                .param(Stage.bytes(id))
                .update();
        return id.toString();
    }

    /** Writes events that were written five minutes ago but for three seconds. */
    void insertNearlyLate(int events) {
        stage.sql("""
                        INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload, created_at)
                        WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
                        SELECT UUID_TO_BIN(UUID()), 'Order', 'late', 'OrderPlaced', '{}', NOW(6) - INTERVAL 297 SECOND FROM n""".formatted(stage.names.orders(), events)).update();
    }

    /** Waits until the relay verifies what is written from now on. */
    void awaitBegun() {
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> count("SELECT COUNT(*) FROM `%s`.relay_verification") == 1);
    }

    /** Waits until everything up to that event is known to be confirmed, or to be lost. */
    void awaitVerified(String id) {
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.sql(
                        """
                        SELECT verified_to >= (SELECT created_at FROM `%s`.outbox WHERE id = UUID_TO_BIN(?))
                        FROM `%s`.relay_verification""".formatted(stage.names.orders(), stage.names.relay()))
                .param(id)
                .query(Boolean.class)
                .single());
    }

    /** How many events are remembered. */
    long remembered() {
        return count("SELECT COUNT(*) FROM `%s`.relay_unconfirmed");
    }

    private long count(String sql) {
        return stage.sql(sql.formatted(stage.names.relay())).query(Long.class).single();
    }

    static double gauge(Stage.Running relay, String name) {
        return relay.meters().get(name).gauge().value();
    }

    static void awaitGauge(Stage.Running relay, String name, double value) {
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> gauge(relay, name) == value);
    }

    /** Waits until it can't be told of events that old whether they are lost. */
    static void awaitUnverified(Stage.Running relay, int seconds) {
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> gauge(relay, "outbox.relay.unverified.seconds") > seconds);
    }

    /** All that there is has been judged when what was written after it has, and driven when that has come. */
    void assertNothingElseComes() throws Exception {
        String last = insertConfirmed();
        awaitVerified(last);
        String end = insertConfirmed();
        awaitVerified(end);
        assertThat(Stage.ids(stage.take(2))).containsExactly(last, end);
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
    }
}
