package dev.outboxrelay.mail.claims;

import static dev.outboxrelay.mail.claims.ClaimsRig.LONG;
import static dev.outboxrelay.mail.claims.ClaimsRig.RESENDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.Claim;
import dev.outboxrelay.mail.claims.ProcessedMessages.ClaimRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimBatchIT {
    /** More than the server estimates one by one (eq_range_index_dive_limit); from there on it trusts its statistics. */
    private static final int GROUP = 250;

    private static final int ROWS = 5_000;

    @RegisterExtension
    private final ClaimsRig rig = new ClaimsRig();

    @Test
    void a_large_group_reads_its_own_rows_only_although_the_statistics_are_of_an_empty_table() throws Exception {
        rig.execute("ALTER TABLE processed_messages STATS_AUTO_RECALC = 0");
        rig.execute("DELETE FROM processed_messages");
        rig.execute("ANALYZE TABLE processed_messages");
        rig.execute("INSERT INTO processed_messages (consumer, message_id, aggregate_id, aggregate_version, state)"
                + " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS + ")"
                + " SELECT /*+ SET_VAR(cte_max_recursion_depth = " + ROWS + ") */ '" + rig.consumer()
                + "', CONCAT('old-', i), CONCAT('order-', i), 1, 'SENT' FROM n");
        try (Connection connection = rig.pool().getConnection()) {
            long before = rowsRead(connection);
            List<Claim> claims = claim(connection, "new");
            List<Claim> again = claim(connection, "old");
            List<Boolean> held = new Changes(connection, rig.consumer())
                    .apply(claims.stream()
                            .map(claim -> Change.sent((Claim.Granted) claim, "250 ok"))
                            .toList());
            long read = rowsRead(connection) - before;
            connection.commit();

            assertThat(claims).hasSize(GROUP);
            assertThat(again).hasSize(GROUP).hasOnlyElementsOfType(Claim.Settled.class);
            assertThat(held).hasSize(GROUP).containsOnly(true);
            assertThat(read).isLessThan(ROWS);
        } finally {
            rig.execute("ALTER TABLE processed_messages STATS_AUTO_RECALC = DEFAULT");
        }
    }

    private List<Claim> claim(Connection connection, String prefix) throws SQLException {
        ClaimRules rules = new ClaimRules(rig.consumer(), LONG, RESENDS, Duration.ofHours(1));
        return new ClaimBatch(connection, rules)
                .claim(IntStream.rangeClosed(1, GROUP)
                        .mapToObj(i -> new ClaimRequest(
                                prefix + "-" + i, "order-" + i, 1L, "token-" + prefix + i, Long.MAX_VALUE))
                        .toList());
    }

    /** Rows that this session has had from the storage engine. */
    private static long rowsRead(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
            long sum = 0;
            while (rows.next()) {
                sum += rows.getLong(2);
            }
            return sum;
        }
    }
}
