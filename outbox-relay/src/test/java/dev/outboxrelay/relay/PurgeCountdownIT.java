package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** How long until the server deletes the binlog that the relay needs. */
class PurgeCountdownIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();
    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
        warnings.start();
        ((Logger) LoggerFactory.getLogger(BinlogMonitor.class)).addAppender(warnings);
    }

    @AfterEach
    void reset() {
        stage.sql("SET GLOBAL binlog_expire_logs_seconds = DEFAULT").update();
        ((Logger) LoggerFactory.getLogger(BinlogMonitor.class)).detachAppender(warnings);
    }

    @Test
    void a_line_that_is_held_counts_down_in_metrics_and_health_and_warns_before_the_end() throws Exception {
        stage.sql("SET GLOBAL binlog_expire_logs_seconds = 12").update();
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.insert("order-1", 1);
        stage.take(1);
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.insert("order-1", 2);
        relay.awaitState(RelayState.BLOCKED);

        stage.sql("FLUSH BINARY LOGS").update();

        Awaitility.await().atMost(Stage.PATIENCE).until(() -> countdown(relay) < 12);
        Health health = new RelayHealthIndicator(relay.supervisor()).health();
        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.getDetails()).containsKeys("lagTransactions", "lag", "purgeCountdown");
        assertThat(String.valueOf(health.getDetails().get("why")))
                .contains("no queue is bound to exchange 'outbox.events' for routing key 'Order.OrderPlaced'");
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> warnings.list.size() == 1);
        assertThat(warnings.list.get(0).getFormattedMessage()).contains("will delete the binlog", "it keeps PT12S");
        assertThat(relay.meters().get("outbox.relay.lag.transactions").gauge().value())
                .isPositive();
    }

    @Test
    void what_is_not_known_is_absent_and_never_zero() {
        stage.properties.put("spring.datasource.password", "wrong-pw");
        stage.giveUpOnTheDatabaseSoon();
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.BACKOFF);

        assertThat(countdown(relay)).isNaN();
        assertThat(relay.meters().get("outbox.relay.lag.transactions").gauge().value())
                .isNaN();
        assertThat(relay.meters().get("outbox.relay.lag.seconds").gauge().value())
                .isNaN();
        assertThat(new RelayHealthIndicator(relay.supervisor()).health().getDetails())
                .doesNotContainKeys("lagTransactions", "lag", "purgeCountdown");
    }

    private static double countdown(Stage.Running relay) {
        return relay.meters()
                .get("outbox.relay.purge.countdown.seconds")
                .gauge()
                .value();
    }
}
