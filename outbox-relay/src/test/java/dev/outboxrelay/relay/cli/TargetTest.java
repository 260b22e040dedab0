package dev.outboxrelay.relay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How people name a place in the binlog. */
class TargetTest {

    private static final String SERVER = "a7964485-e899-11f1-b68e-02fc00000001";
    private static final Instant NOW = Instant.parse("2026-11-28T02:00:00Z");

    @Test
    void a_gtid_and_a_set_of_them_may_carry_tags() {
        assertThat(Target.gtids(SERVER + ":17")).isEqualTo(new Target.Gtid(SERVER + ":17"));
        assertThat(Target.gtids(SERVER + ":app:17")).isEqualTo(new Target.Gtid(SERVER + ":app:17"));
        String set = SERVER + ":1-5:app:1-3:other:1-2:7," + SERVER.replace('a', 'b') + ":1-9";
        assertThat(Target.gtids(set.replace(",", ",\n "))).isEqualTo(new Target.GtidSet(set));
        for (String wrong : new String[] {SERVER, SERVER + ":app", SERVER + ":1-", "17", SERVER + ":Ä:1"}) {
            assertThatThrownBy(() -> Target.gtids(wrong)).hasMessageContaining("--to-gtid: give uuid:17");
        }
    }

    @Test
    void a_place_is_known_by_its_looks() {
        assertThat(Target.from("--from", "15m", NOW)).isEqualTo(new Target.Time(NOW.minusSeconds(900)));
        assertThat(Target.from("--from", "2026-11-28T01:00:00Z", NOW))
                .isEqualTo(new Target.Time(NOW.minusSeconds(3600)));
        assertThat(Target.from("--from", SERVER + ":app:17", NOW)).isEqualTo(new Target.Gtid(SERVER + ":app:17"));
        assertThat(Target.from("--from", "binlog.000007:157", NOW)).isEqualTo(new Target.Place("binlog.000007", 157));
        assertThat(Target.from("--from", SERVER, NOW)).isEqualTo(new Target.Event(SERVER, false));
        assertThat(Target.from("--from", "4711", NOW)).isEqualTo(new Target.Event("4711", false));
        assertThatThrownBy(() -> Target.from("--from", "2026-11-28", NOW))
                .hasMessageContaining("--from: give a time with its offset");
    }
}
