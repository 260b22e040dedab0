package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.outboxrelay.local.Direction;
import dev.outboxrelay.local.FaultProxy;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A binlog connection that ends within an event, in good order: the reader gets no error, only no more bytes. */
class CutEventIT {

    private static final int LARGE = 1_000_000;
    private static final int WITHIN = 300_000;

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private Stage stage;
    private FaultProxy proxy;

    @BeforeEach
    void set() {
        stage = stages.stage();
        proxy = FaultProxy.to("127.0.0.1", stages.mysql().port());
        stage.databaseAt(proxy.port());
        said.start();
        log().addAppender(said);
    }

    @AfterEach
    void end() {
        log().detachAppender(said);
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO `%s`.busy VALUES (2, REPEAT('x', 1000000))",
                "UPDATE `%s`.busy SET b = REPEAT('y', 1000000)",
                "DELETE FROM `%s`.busy"
            })
    void within_rows_of_another_table_it_is_replaced_and_nothing_is_lost(String statement) throws Exception {
        stage.sql("CREATE TABLE `%s`.busy (a INT PRIMARY KEY, b LONGTEXT)".formatted(stage.names.mail()))
                .update();
        stage.sql("INSERT INTO `%s`.busy VALUES (1, REPEAT('x', %d))".formatted(stage.names.mail(), LARGE))
                .update();
        List<String> expected = new ArrayList<>();
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        expected.add(stage.insert("order-1", 1));
        expected.add(cutWithin(relay, statement.formatted(stage.names.mail())));

        assertThat(stage.takeDistinct(2)).isEqualTo(expected);
        assertThatNobodyReadsTheOldConnection();
    }

    @Test
    void within_a_row_of_the_outbox_it_is_replaced_and_the_row_is_published_once() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        String behind = cutWithin(relay, """
                INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload)
                VALUES (UUID_TO_BIN('01020304-0506-0708-090a-0b0c0d0e0f10'), 'Order', 'order-1', 'OrderPlaced', JSON_QUOTE(REPEAT('x', %d)))""".formatted(stage.names.orders(), LARGE));

        assertThat(Stage.ids(stage.take(2))).containsExactly("01020304-0506-0708-090a-0b0c0d0e0f10", behind);
        assertThatNobodyReadsTheOldConnection();
    }

    /** Writes that, lets a part of its event through, and writes another row behind it. */
    private String cutWithin(Stage.Running relay, String statement) {
        double runs = relay.count("outbox.relay.runs");
        proxy.endAfter(WITHIN, Direction.TO_CLIENT);
        stage.sql(statement).update();
        String behind = stage.insert("order-1", 2);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> relay.count("outbox.relay.runs") > runs);
        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("BACKOFF: The binlog connection has ended"))
                .noneMatch(line -> line.contains("silent"));
        return behind;
    }

    /** It would read what is not there, again and again. */
    private void assertThatNobodyReadsTheOldConnection() {
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().equals("blc-127.0.0.1:" + proxy.port()))
                                .count()
                        == 1);
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger(Supervisor.class);
    }
}
