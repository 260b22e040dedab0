package dev.outboxrelay.mail.claims;

import static dev.outboxrelay.mail.claims.ClaimsRig.LEASE;
import static dev.outboxrelay.mail.claims.ClaimsRig.LONG;
import static dev.outboxrelay.mail.claims.ClaimsRig.RESENDS;
import static dev.outboxrelay.mail.claims.ClaimsRig.message;
import static dev.outboxrelay.mail.claims.ClaimsRig.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.mail.Claim;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.Parking;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimsIT {
    @RegisterExtension
    private final ClaimsRig rig = new ClaimsRig();

    @Test
    void of_many_claims_for_one_message_at_once_exactly_one_is_granted() throws Exception {
        ProcessedMessages one = rig.worker("one", RESENDS, LONG);
        ProcessedMessages two = rig.worker("two", RESENDS, LONG);
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            for (int round = 0; round < 20; round++) {
                Incoming message = message("order-" + round, 1);
                List<Future<Claim>> answers = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    ProcessedMessages worker = i % 2 == 0 ? one : two;
                    answers.add(threads.submit(() -> worker.claim(message).join()));
                }
                int granted = 0;
                for (Future<Claim> answer : answers) {
                    granted += answer.get() instanceof Claim.Granted ? 1 : 0;
                }
                assertThat(granted).isEqualTo(1);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void a_duplicate_of_what_is_about_to_be_recorded_is_settled_with_it() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LONG);
        Incoming message = message("order", 1);
        Claim.Granted granted = (Claim.Granted) claims.claim(message).join();
        CompletableFuture<Claim> duplicate;
        try (Connection other = rig.asRoot();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("SELECT * FROM processed_messages WHERE consumer = '" + rig.consumer() + "' FOR UPDATE");
            var unused = claims.sent(granted, "250 ok");

            duplicate = claims.claim(message);

            assertThat(duplicate).isCompletedWithValueMatching(claim -> claim instanceof Claim.Settled);
            assertThat(settled(duplicate)).isNotDone();
        }

        settled(duplicate).join();
        assertThat(rig.text("state", message)).isEqualTo("SENT");
    }

    private static CompletableFuture<@Nullable Void> settled(CompletableFuture<Claim> duplicate) {
        return ((Claim.Settled) duplicate.join()).recorded().toCompletableFuture();
    }

    @Test
    void what_was_sent_is_never_granted_again() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LEASE);
        Incoming message = message("order", 1);

        sent(claims, (Claim.Granted) claims.claim(message).join(), "250 ok");

        assertThat(claims.claim(message).join()).isInstanceOf(Claim.Settled.class);
        assertThat(rig.worker("two", RESENDS, LEASE).claim(message).join()).isInstanceOf(Claim.Settled.class);
        assertThat(rig.text("smtp_reply", message)).isEqualTo("250 ok");
    }

    @Test
    void a_claim_whose_holder_has_gone_is_unknown_and_granted_anew_once_its_lease_has_ended() throws Exception {
        ProcessedMessages dead = rig.worker("dead", RESENDS, LEASE);
        ProcessedMessages heir = rig.worker("heir", RESENDS, LEASE);
        Incoming message = message("order", 1);
        Claim.Granted lost = (Claim.Granted) dead.claim(message).join();

        assertThat(heir.claim(message).join()).isInstanceOf(Claim.NotYet.class);
        await().until(() -> heir.claim(message).join() instanceof Claim.Granted);

        assertThat(rig.text("unknowns", message)).isEqualTo("1");
        sent(dead, lost, "250 too late");
        assertThat(dead.claim(message).join()).isNotInstanceOf(Claim.Settled.class);
        assertThat(rig.text("state", message)).isEqualTo("SENDING");
        assertThat(rig.text("smtp_reply", message)).isNull();
    }

    @Test
    void with_the_policy_park_it_waits_for_a_verdict_instead() throws Exception {
        ProcessedMessages dead = rig.worker("dead", 0, LEASE);
        ProcessedMessages heir = rig.worker("heir", 0, LEASE);
        Incoming message = message("order", 1);
        dead.claim(message).join();

        await().until(() -> heir.claim(message).join() instanceof Claim.GivenUp);

        Claim.GivenUp given = (Claim.GivenUp) heir.claim(message).join();
        assertThat(given.parking().reason()).isEqualTo(ParkReason.UNKNOWN_OUTCOME);
        assertThat(rig.text("state", message)).isEqualTo("UNKNOWN");
        assertThat(rig.text("unknowns", message)).isEqualTo("1");
    }

    @Test
    void a_mail_whose_worker_dies_again_and_again_waits_for_a_verdict_in_the_end() throws Exception {
        ProcessedMessages dying = rig.worker("dying", 2, LEASE);
        Incoming message = message("order", 1);
        dying.claim(message).join();
        AtomicInteger granted = new AtomicInteger(1);

        await().until(() -> {
            Claim claim = dying.claim(message).join();
            granted.addAndGet(claim instanceof Claim.Granted ? 1 : 0);
            return claim instanceof Claim.GivenUp;
        });

        assertThat(granted).hasValue(3);
        assertThat(rig.text("state", message)).isEqualTo("UNKNOWN");
        assertThat(rig.text("unknowns", message)).isEqualTo("3");
    }

    @Test
    void a_retry_is_granted_when_it_is_due_and_not_before() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LEASE);
        Incoming message = message("order", 1);

        claims.retry((Claim.Granted) claims.claim(message).join(), "451 later", Duration.ofMillis(300));

        assertThat(((Claim.NotYet) claims.claim(message).join()).remaining()).isPositive();
        await().until(() -> claims.claim(message).join() instanceof Claim.Granted);
        assertThat(rig.text("attempts", message)).isEqualTo("2");
    }

    @Test
    void an_attempt_that_does_not_count_is_not_counted() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LEASE);
        Incoming message = message("order", 1);

        for (int i = 0; i < 3; i++) {
            Claim.Granted claim = (Claim.Granted) claims.claim(message).join();
            assertThat(claim.attempt()).isEqualTo(1);
            claims.release(claim, "421 busy", Duration.ZERO);
        }
    }

    @Test
    void a_mail_waits_for_the_earlier_ones_of_its_order_and_for_no_others() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LONG);
        Incoming first = message("order", 1);
        Incoming second = message("order", 2);
        Incoming third = message("order", 3);
        Claim.Granted sending = (Claim.Granted) claims.claim(first).join();

        assertThat(((Claim.Behind) claims.claim(second).join()).other()).isEqualTo(first.messageId());
        claims.retry(sending, "451 later", Duration.ofMillis(1));
        assertThat(claims.claim(third).join()).isInstanceOf(Claim.Behind.class);
        assertThat(claims.claim(second).join()).isInstanceOf(Claim.Behind.class);
        assertThat(claims.claim(message("other", 1)).join()).isInstanceOf(Claim.Granted.class);
        sent(claims, (Claim.Granted) claims.claim(first).join(), "250 ok");
        assertThat(claims.claim(third).join()).isInstanceOf(Claim.Behind.class);
        sent(claims, (Claim.Granted) claims.claim(second).join(), "250 ok");

        assertThat(claims.claim(third).join()).isInstanceOf(Claim.Granted.class);
        assertThat(rig.text("attempts", third)).isEqualTo("1");
    }

    @Test
    void the_wait_for_an_earlier_mail_is_bounded_and_a_parked_one_is_not_waited_for() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LONG);
        Incoming first = message("order", 1);
        Incoming second = message("order", 2);
        Claim.Granted sending = (Claim.Granted) claims.claim(first).join();
        assertThat(claims.claim(second).join()).isInstanceOf(Claim.Behind.class);

        await().until(() -> claims.claim(second).join() instanceof Claim.GivenUp);
        assertThat(rig.text("reason", second)).isEqualTo("BEHIND");

        claims.giveUp(sending, new Parking(ParkReason.REFUSED, "refused", "550 no", 1, Duration.ZERO));
        assertThat(claims.claim(message("order", 3)).join()).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void what_comes_in_while_a_transaction_is_underway_shares_the_next_one() throws Exception {
        ProcessedMessages claims = rig.worker("one", RESENDS, LONG);
        List<Claim.Granted> granted = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            granted.add((Claim.Granted) claims.claim(message("order-" + i, 1)).join());
        }
        List<CompletableFuture<@Nullable Void>> marks;
        long before;
        try (Connection other = rig.asRoot()) {
            other.setAutoCommit(false);
            Sql.update(
                    other,
                    "UPDATE processed_messages SET detail = 'held' WHERE consumer = ? AND message_id = ?",
                    List.of(rig.consumer(), granted.get(0).messageId()));
            before = rig.global("SHOW GLOBAL STATUS LIKE 'Com_commit'");

            marks = granted.stream()
                    .map(claim -> claims.sent(claim, "250 ok").toCompletableFuture())
                    .toList();
            other.rollback();
        }

        for (CompletableFuture<@Nullable Void> mark : marks) {
            mark.get(20, TimeUnit.SECONDS);
        }
        assertThat(rig.global("SHOW GLOBAL STATUS LIKE 'Com_commit'") - before).isBetween(1L, 2L);
    }
}
