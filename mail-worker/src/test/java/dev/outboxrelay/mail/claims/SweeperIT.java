package dev.outboxrelay.mail.claims;

import static dev.outboxrelay.mail.claims.ClaimsRig.LONG;
import static dev.outboxrelay.mail.claims.ClaimsRig.RESENDS;
import static dev.outboxrelay.mail.claims.ClaimsRig.message;
import static dev.outboxrelay.mail.claims.ClaimsRig.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.Claim;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.Parking;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SweeperIT {
    @RegisterExtension
    private final ClaimsRig rig = new ClaimsRig();

    @Test
    void the_sweeper_forgets_what_was_settled_long_ago_and_nothing_that_is_open() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LONG);
        Incoming sent = message("sent", 1);
        Incoming refused = message("refused", 1);
        Incoming unknown = message("unknown", 1);
        Incoming waiting = message("waiting", 1);
        Incoming recent = message("recent", 1);
        sent(claims, (Claim.Granted) claims.claim(sent).join(), "250 ok");
        claims.giveUp(
                (Claim.Granted) claims.claim(refused).join(),
                new Parking(ParkReason.REFUSED, "refused", "550 no", 1, Duration.ZERO));
        claims.giveUp(
                (Claim.Granted) claims.claim(unknown).join(),
                new Parking(ParkReason.UNKNOWN_OUTCOME, "lost", null, 1, Duration.ZERO));
        claims.retry((Claim.Granted) claims.claim(waiting).join(), "451 later", Duration.ofMinutes(1));
        rig.execute("UPDATE processed_messages SET created_at = NOW(6) - INTERVAL 31 DAY WHERE consumer = '"
                + rig.consumer() + "'");
        sent(claims, (Claim.Granted) claims.claim(recent).join(), "250 ok");

        assertThat(new Sweeper(rig.pool(), rig.consumer(), Duration.ofDays(30)).sweep())
                .isEqualTo(2);

        assertThat(rig.text("state", sent)).isNull();
        assertThat(rig.text("state", refused)).isNull();
        assertThat(rig.text("state", unknown)).isEqualTo("UNKNOWN");
        assertThat(rig.text("state", waiting)).isEqualTo("WAITING");
        assertThat(rig.text("state", recent)).isEqualTo("SENT");
    }

    @Test
    void a_sweep_goes_on_after_its_first_batch_until_all_that_is_old_is_gone_and_nothing_else() throws Exception {
        rig.execute("INSERT INTO processed_messages (consumer, message_id, aggregate_id, state, created_at)"
                + " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                + " SELECT c.consumer, CONCAT('m-', i, age), CONCAT('order-', i), IF(i <= 40, 'UNKNOWN', 'SENT'),"
                + " NOW(6) - INTERVAL age DAY FROM n, (SELECT 29 AS age UNION SELECT 31) AS ages,"
                + " (SELECT '" + rig.consumer() + "' AS consumer UNION SELECT '" + rig.consumer() + "-2') AS c");

        new Sweeper(rig.pool(), rig.consumer(), Duration.ofDays(30)).sweepAll();

        assertThat(rows(rig.consumer(), "state = 'SENT' AND created_at < NOW() - INTERVAL 30 DAY"))
                .isZero();
        assertThat(rows(rig.consumer(), "TRUE")).isEqualTo(1000 + 40);
        assertThat(rows(rig.consumer() + "-2", "TRUE")).isEqualTo(2000);
    }

    private long rows(String consumer, String condition) throws SQLException {
        return rig.global(
                "SELECT 0, COUNT(*) FROM processed_messages WHERE consumer = '" + consumer + "' AND " + condition);
    }

    @Test
    void among_many_rows_a_sweep_and_a_claim_read_only_what_they_need() throws Exception {
        rig.execute(
                "INSERT INTO processed_messages (consumer, message_id, aggregate_id, aggregate_version, state, created_at)"
                        + " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                        + " SELECT '" + rig.consumer() + "', CONCAT('m-', i), CONCAT('order-', i), 1, 'SENT',"
                        + " NOW(6) - INTERVAL IF(i <= 3, 31, 1) DAY FROM n");
        rig.execute("ANALYZE TABLE processed_messages");
        ProcessedMessages claims = rig.worker("one", RESENDS, LONG);
        claims.claim(message("order-0", 1)).join();
        Sweeper sweeper = new Sweeper(rig.pool(), rig.consumer(), Duration.ofDays(30));

        long before = rowsRead();
        assertThat(sweeper.sweep()).isEqualTo(3);
        long swept = rowsRead();
        assertThat(claims.claim(message("order-1", 2)).join()).isInstanceOf(Claim.Granted.class);
        long claimed = rowsRead();

        assertThat(swept - before).isLessThan(20);
        assertThat(claimed - swept).isLessThan(20);
    }

    private long rowsRead() throws SQLException {
        return rig.global("SHOW GLOBAL STATUS LIKE 'Innodb_rows_read'");
    }
}
