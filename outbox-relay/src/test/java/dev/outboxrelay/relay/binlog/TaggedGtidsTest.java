package dev.outboxrelay.relay.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.shyiko.mysql.binlog.GtidSet;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.GtidTaggedEventData;
import com.github.shyiko.mysql.binlog.event.MySqlGtid;
import com.github.shyiko.mysql.binlog.event.XidEventData;
import dev.outboxrelay.relay.OutboxColumns;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.RowMapper;
import dev.outboxrelay.relay.Template;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** From MySQL 8.3 on a GTID may carry a tag: {@code uuid:tag:1}. */
class TaggedGtidsTest {

    private static final String SERVER = "a7964485-e899-11f1-b68e-02fc00000001";

    /** Of no table: the transactions are empty. */
    private static final OutboxRows ROWS = new OutboxRows(
            JdbcClient.create(new SimpleDriverDataSource()),
            List.of(),
            new RowMapper(
                    new OutboxColumns("id", "a", "b", "type", "payload", "headers", "version", "at", List.of()),
                    Template.parse("exchange"),
                    Template.parse("key")));

    @Test
    void a_transaction_with_a_tag_has_its_place_among_the_others() throws Exception {
        List<BinlogEntry> seen = new ArrayList<>();
        Position from = new Position(Map.of("file", "binlog.000001", "pos", 4, "gtids", SERVER + ":1-5:app:1-2"));
        BinlogWalk walk = new BinlogWalk(from, new GtidSet(String.valueOf(from.gtids())), ROWS, seen::add);

        walk.step(event(
                EventType.GTID_TAGGED,
                new GtidTaggedEventData(
                        MySqlGtid.fromString(SERVER + ":app:3"),
                        (byte) 0,
                        0,
                        0,
                        1_700_000_000_000_001L,
                        0,
                        0,
                        0,
                        0,
                        0)));
        walk.step(event(EventType.XID, new XidEventData()));

        assertThat(seen).hasSize(2);
        BinlogEntry.Begin begin = (BinlogEntry.Begin) seen.get(0);
        assertThat(begin.gtid()).isEqualTo(SERVER + ":app:3");
        assertThat(begin.committedAt()).isEqualTo(Instant.parse("2023-11-14T22:13:20.000001Z"));
        assertThat(begin.before().gtids()).isEqualTo(SERVER + ":1-5:app:1-2");
        assertThat(((BinlogEntry.End) seen.get(1)).after().gtids()).isEqualTo(SERVER + ":1-5:app:1-3");
    }

    @Test
    void a_set_without_that_tag_does_not_hold_it() {
        assertThat(Coverage.isIn(SERVER + ":app:3", SERVER + ":1-5:app:1-3")).isTrue();
        assertThat(Coverage.isIn(SERVER + ":app:3", SERVER + ":1-5")).isFalse();
        assertThat(Coverage.isIn(SERVER + ":3", SERVER + ":app:1-5")).isFalse();
    }

    private static Event event(EventType type, EventData data) {
        EventHeaderV4 header = new EventHeaderV4();
        header.setEventType(type);
        return new Event(header, data);
    }
}
