package dev.outboxrelay.mail.claims;

import static dev.outboxrelay.mail.claims.ClaimsRig.LEASE;
import static dev.outboxrelay.mail.claims.ClaimsRig.LONG;
import static dev.outboxrelay.mail.claims.ClaimsRig.RESENDS;
import static dev.outboxrelay.mail.claims.ClaimsRig.message;
import static dev.outboxrelay.mail.claims.ClaimsRig.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.mail.Claim;
import dev.outboxrelay.mail.Claims.ClaimsUnavailableException;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.Parking;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimFaultsIT {
    @RegisterExtension
    private final ClaimsRig rig = new ClaimsRig();

    @Test
    void a_connection_to_a_server_that_takes_no_writes_any_more_is_not_used_again() throws Exception {
        HikariDataSource database = rig.pool();
        database.setMaximumPoolSize(1);
        ProcessedMessages claims = rig.worker(database, "one", RESENDS, LEASE);
        claims.claim(message("before", 1)).join();
        long before = connectionId(database);
        rig.execute("SET GLOBAL read_only = 1");
        try {
            assertThatThrownBy(() -> claims.claim(message("meanwhile", 1)).join())
                    .hasCauseInstanceOf(ClaimsUnavailableException.class);
        } finally {
            rig.execute("SET GLOBAL read_only = 0");
        }

        assertThat(claims.claim(message("after", 1)).join()).isInstanceOf(Claim.Granted.class);
        assertThat(connectionId(database)).isNotEqualTo(before);
    }

    @Test
    void a_row_that_cannot_be_stored_fails_alone() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LEASE);
        CompletableFuture<Claim> bad = claims.claim(message("x".repeat(300), 1));
        List<CompletableFuture<Claim>> good = IntStream.range(0, 9)
                .mapToObj(number -> claims.claim(message("good-" + number, 1)))
                .toList();

        assertThat(good).allSatisfy(one -> assertThat(one.join()).isInstanceOf(Claim.Granted.class));
        assertThatThrownBy(bad::join).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void marks_outlast_a_database_that_is_away_for_a_while_and_no_later_claim_is_granted_before_them()
            throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LONG);
        List<Incoming> messages =
                IntStream.range(0, 20).mapToObj(i -> message("order-" + i, 1)).toList();
        List<Claim.Granted> granted = new ArrayList<>();
        for (Incoming message : messages) {
            granted.add((Claim.Granted) claims.claim(message).join());
        }
        rig.mysql().server().kill();
        List<CompletableFuture<@Nullable Void>> marks = granted.stream()
                .map(claim -> claims.sent(claim, "250 ok").toCompletableFuture())
                .toList();
        assertThatThrownBy(() -> claims.claim(message("another", 1)).join())
                .hasCauseInstanceOf(ClaimsUnavailableException.class);
        assertThat(marks).noneMatch(CompletableFuture::isDone);

        rig.mysql().server().start();

        await().ignoreExceptions()
                .until(() ->
                        claims.claim(message(UUID.randomUUID().toString(), 1)).join() instanceof Claim.Granted);
        for (Incoming message : messages) {
            assertThat(rig.text("state", message)).isEqualTo("SENT");
        }
    }

    @Test
    void a_mark_that_could_not_be_recorded_while_its_lease_ran_fails_and_the_outcome_is_unknown() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LEASE);
        Incoming message = message("order", 1);
        Claim.Granted claim = (Claim.Granted) claims.claim(message).join();
        rig.execute("SET GLOBAL read_only = 1");
        try {
            assertThatThrownBy(() -> sent(claims, claim, "250 ok"))
                    .hasCauseInstanceOf(ClaimsUnavailableException.class);
        } finally {
            rig.execute("SET GLOBAL read_only = 0");
        }

        await().until(() -> claims.claim(message).join() instanceof Claim.Granted);
        assertThat(rig.text("unknowns", message)).isEqualTo("1");
    }

    @Test
    void what_was_done_although_the_database_could_not_say_so_is_not_done_twice() throws Exception {
        LostAnswers lost = new LostAnswers();
        ProcessedMessages claims = rig.worker(lost.of(rig.pool()), "one", RESENDS, LONG);
        List<Incoming> messages =
                IntStream.range(0, 5).mapToObj(i -> message("order-" + i, 1)).toList();
        List<Claim.Granted> granted = new ArrayList<>();
        for (Incoming message : messages) {
            granted.add((Claim.Granted) claims.claim(message).join());
        }

        lost.next(2);
        claims.release(granted.get(0), "421 busy", Duration.ZERO);
        lost.next(2);
        claims.retry(granted.get(1), "451 later", Duration.ZERO);
        lost.next(2);
        claims.unknown(granted.get(2), "cut", Duration.ZERO);
        lost.next(2);
        claims.giveUp(granted.get(3), new Parking(ParkReason.UNKNOWN_OUTCOME, "cut", null, 1, Duration.ZERO));
        lost.next(2);
        sent(claims, granted.get(4), "250 ok");

        List<String> rows = new ArrayList<>();
        for (Incoming message : messages) {
            rows.add(rig.text("CONCAT_WS(' ', state, attempts, unknowns)", message));
        }
        assertThat(rows).containsExactly("WAITING 0 0", "WAITING 1 0", "WAITING 1 1", "UNKNOWN 1 1", "SENT 1 0");
    }

    @Test
    void a_claim_whose_answer_was_lost_is_nobodys_until_its_lease_has_ended() throws Exception {
        LostAnswers lost = new LostAnswers();
        ProcessedMessages claims = rig.worker(lost.of(rig.pool()), "one", RESENDS, LEASE);
        Incoming message = message("order", 1);

        lost.next(1);
        assertThatThrownBy(() -> claims.claim(message).join()).hasCauseInstanceOf(ClaimsUnavailableException.class);

        assertThat(claims.claim(message).join()).isInstanceOf(Claim.NotYet.class);
        await().until(() -> claims.claim(message).join() instanceof Claim.Granted);
        assertThat(rig.text("unknowns", message)).isEqualTo("1");
    }

    private static long connectionId(HikariDataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT CONNECTION_ID()");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
