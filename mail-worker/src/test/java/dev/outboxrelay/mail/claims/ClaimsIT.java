package dev.outboxrelay.mail.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.local.junit.MySqlExtension;
import dev.outboxrelay.mail.Claim;
import dev.outboxrelay.mail.Claims.ClaimsUnavailableException;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.Parking;
import dev.outboxrelay.mail.Schema;
import dev.outboxrelay.mail.claims.ProcessedMessages.ClaimRules;
import dev.outboxrelay.mail.settings.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimsIT {
    private static final Duration LEASE = Duration.ofMillis(500);
    private static final int RESENDS = 3;
    private static final Duration ORDER_WAIT = Duration.ofSeconds(1);

    @RegisterExtension
    static final MySqlExtension mysql = new MySqlExtension();

    private final String consumer = "claims-" + UUID.randomUUID();
    private final List<GroupCommit> open = new ArrayList<>();
    private HikariDataSource database;

    @BeforeEach
    void connect() {
        database = Database.pool(new DatabaseSettings(
                mysql.server().jdbcUrl(Schema.of(mysql).mail()),
                Schema.of(mysql).mailWorker(),
                Schema.PASSWORD));
    }

    @AfterEach
    void disconnect() {
        open.forEach(GroupCommit::close);
        database.close();
    }

    @Test
    void of_many_claims_for_one_message_at_once_exactly_one_is_granted() throws Exception {
        ProcessedMessages one = worker("one", RESENDS, Duration.ofMinutes(1));
        ProcessedMessages two = worker("two", RESENDS, Duration.ofMinutes(1));
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            for (int round = 0; round < 20; round++) {
                Incoming message = message("order-" + round, 1);
                List<Future<Claim>> answers = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    ProcessedMessages worker = i % 2 == 0 ? one : two;
                    answers.add(threads.submit(() -> worker.claim(message)));
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
    void what_was_sent_is_never_granted_again() throws Exception {
        ProcessedMessages claims = worker("one", RESENDS, LEASE);
        Incoming message = message("order", 1);

        sent(claims, (Claim.Granted) claims.claim(message), "250 ok");

        assertThat(claims.claim(message)).isInstanceOf(Claim.Settled.class);
        assertThat(worker("two", RESENDS, LEASE).claim(message)).isInstanceOf(Claim.Settled.class);
        assertThat(text("smtp_reply", message)).isEqualTo("250 ok");
    }

    @Test
    void a_claim_whose_holder_has_gone_is_unknown_and_granted_anew_once_its_lease_has_ended() throws Exception {
        ProcessedMessages dead = worker("dead", RESENDS, LEASE);
        ProcessedMessages heir = worker("heir", RESENDS, LEASE);
        Incoming message = message("order", 1);
        Claim.Granted lost = (Claim.Granted) dead.claim(message);

        assertThat(heir.claim(message)).isInstanceOf(Claim.NotYet.class);
        await().until(() -> heir.claim(message) instanceof Claim.Granted);

        assertThat(text("unknowns", message)).isEqualTo("1");
        sent(dead, lost, "250 too late");
        assertThat(dead.claim(message)).isNotInstanceOf(Claim.Settled.class);
        assertThat(text("state", message)).isEqualTo("SENDING");
        assertThat(text("smtp_reply", message)).isNull();
    }

    @Test
    void with_the_policy_park_it_waits_for_a_verdict_instead() throws Exception {
        ProcessedMessages dead = worker("dead", 0, LEASE);
        ProcessedMessages heir = worker("heir", 0, LEASE);
        Incoming message = message("order", 1);
        dead.claim(message);

        await().until(() -> heir.claim(message) instanceof Claim.GivenUp);

        Claim.GivenUp given = (Claim.GivenUp) heir.claim(message);
        assertThat(given.parking().reason()).isEqualTo(ParkReason.UNKNOWN_OUTCOME);
        assertThat(text("state", message)).isEqualTo("UNKNOWN");
        assertThat(text("unknowns", message)).isEqualTo("1");
    }

    @Test
    void a_mail_whose_worker_dies_again_and_again_waits_for_a_verdict_in_the_end() throws Exception {
        ProcessedMessages dying = worker("dying", 2, LEASE);
        Incoming message = message("order", 1);
        dying.claim(message);
        AtomicInteger granted = new AtomicInteger(1);

        await().until(() -> {
            Claim claim = dying.claim(message);
            granted.addAndGet(claim instanceof Claim.Granted ? 1 : 0);
            return claim instanceof Claim.GivenUp;
        });

        assertThat(granted).hasValue(3);
        assertThat(text("state", message)).isEqualTo("UNKNOWN");
        assertThat(text("unknowns", message)).isEqualTo("3");
    }

    @Test
    void a_connection_to_a_server_that_takes_no_writes_any_more_is_not_used_again() throws Exception {
        database.setMaximumPoolSize(1);
        ProcessedMessages claims = worker("one", RESENDS, LEASE);
        claims.claim(message("before", 1));
        long before = connectionId();
        asRoot("SET GLOBAL read_only = 1");
        try {
            assertThatThrownBy(() -> claims.claim(message("meanwhile", 1)))
                    .isInstanceOf(ClaimsUnavailableException.class);
        } finally {
            asRoot("SET GLOBAL read_only = 0");
        }

        assertThat(claims.claim(message("after", 1))).isInstanceOf(Claim.Granted.class);
        assertThat(connectionId()).isNotEqualTo(before);
    }

    @Test
    void a_retry_is_granted_when_it_is_due_and_not_before() throws Exception {
        ProcessedMessages claims = worker("one", RESENDS, LEASE);
        Incoming message = message("order", 1);

        claims.retry((Claim.Granted) claims.claim(message), "451 later", Duration.ofMillis(300));

        assertThat(((Claim.NotYet) claims.claim(message)).remaining()).isPositive();
        await().until(() -> claims.claim(message) instanceof Claim.Granted);
        assertThat(text("attempts", message)).isEqualTo("2");
    }

    @Test
    void an_attempt_that_does_not_count_is_not_counted() throws Exception {
        ProcessedMessages claims = worker("one", RESENDS, LEASE);
        Incoming message = message("order", 1);

        for (int i = 0; i < 3; i++) {
            Claim.Granted claim = (Claim.Granted) claims.claim(message);
            assertThat(claim.attempt()).isEqualTo(1);
            claims.release(claim, "421 busy", Duration.ZERO);
        }
    }

    @Test
    void a_mail_waits_for_the_earlier_ones_of_its_order_and_for_no_others() throws Exception {
        ProcessedMessages claims = worker("one", RESENDS, Duration.ofMinutes(1));
        Incoming first = message("order", 1);
        Incoming second = message("order", 2);
        Incoming third = message("order", 3);
        Claim.Granted sending = (Claim.Granted) claims.claim(first);

        assertThat(((Claim.Behind) claims.claim(second)).other()).isEqualTo(first.messageId());
        claims.retry(sending, "451 later", Duration.ofMillis(1));
        assertThat(claims.claim(third)).isInstanceOf(Claim.Behind.class);
        assertThat(claims.claim(second)).isInstanceOf(Claim.Behind.class);
        assertThat(claims.claim(message("other", 1))).isInstanceOf(Claim.Granted.class);
        sent(claims, (Claim.Granted) claims.claim(first), "250 ok");
        assertThat(claims.claim(third)).isInstanceOf(Claim.Behind.class);
        sent(claims, (Claim.Granted) claims.claim(second), "250 ok");

        assertThat(claims.claim(third)).isInstanceOf(Claim.Granted.class);
        assertThat(text("attempts", third)).isEqualTo("1");
    }

    @Test
    void the_wait_for_an_earlier_mail_is_bounded_and_a_parked_one_is_not_waited_for() throws Exception {
        ProcessedMessages claims = worker("one", RESENDS, Duration.ofMinutes(1));
        Incoming first = message("order", 1);
        Incoming second = message("order", 2);
        Claim.Granted sending = (Claim.Granted) claims.claim(first);
        assertThat(claims.claim(second)).isInstanceOf(Claim.Behind.class);

        await().until(() -> claims.claim(second) instanceof Claim.GivenUp);
        assertThat(text("reason", second)).isEqualTo("BEHIND");

        claims.giveUp(sending, new Parking(ParkReason.REFUSED, "refused", "550 no", 1, Duration.ZERO));
        assertThat(claims.claim(message("order", 3))).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void a_row_that_cannot_be_stored_fails_alone() throws Exception {
        ProcessedMessages claims = worker("one", RESENDS, LEASE);
        ExecutorService threads = Executors.newFixedThreadPool(10);
        try {
            List<Future<Claim>> good = new ArrayList<>();
            Future<Claim> bad = threads.submit(() -> claims.claim(message("x".repeat(300), 1)));
            for (int i = 0; i < 9; i++) {
                int number = i;
                good.add(threads.submit(() -> claims.claim(message("good-" + number, 1))));
            }

            for (Future<Claim> one : good) {
                assertThat(one.get()).isInstanceOf(Claim.Granted.class);
            }
            assertThatThrownBy(bad::get).hasCauseInstanceOf(IllegalStateException.class);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void marks_outlast_a_database_that_is_away_for_a_while_and_no_later_claim_is_granted_before_them()
            throws Exception {
        ProcessedMessages claims = worker("one", RESENDS, Duration.ofMinutes(2));
        List<Incoming> messages =
                IntStream.range(0, 20).mapToObj(i -> message("order-" + i, 1)).toList();
        List<Claim.Granted> granted = new ArrayList<>();
        for (Incoming message : messages) {
            granted.add((Claim.Granted) claims.claim(message));
        }
        mysql.server().kill();
        List<CompletableFuture<@Nullable Void>> marks = granted.stream()
                .map(claim -> claims.sent(claim, "250 ok").toCompletableFuture())
                .toList();
        assertThatThrownBy(() -> claims.claim(message("another", 1))).isInstanceOf(ClaimsUnavailableException.class);
        assertThat(marks).noneMatch(CompletableFuture::isDone);

        mysql.server().start();

        assertThat(claims.claim(message("another", 1))).isInstanceOf(Claim.Granted.class);
        for (Incoming message : messages) {
            assertThat(text("state", message)).isEqualTo("SENT");
        }
    }

    @Test
    void a_mark_that_could_not_be_recorded_while_its_lease_ran_fails_and_the_outcome_is_unknown() throws Exception {
        ProcessedMessages claims = worker("one", RESENDS, LEASE);
        Incoming message = message("order", 1);
        Claim.Granted claim = (Claim.Granted) claims.claim(message);
        asRoot("SET GLOBAL read_only = 1");
        try {
            assertThatThrownBy(() -> sent(claims, claim, "250 ok"))
                    .hasCauseInstanceOf(ClaimsUnavailableException.class);
        } finally {
            asRoot("SET GLOBAL read_only = 0");
        }

        await().until(() -> claims.claim(message) instanceof Claim.Granted);
        assertThat(text("unknowns", message)).isEqualTo("1");
    }

    @Test
    void the_sweeper_forgets_what_was_settled_long_ago_and_nothing_that_is_open() throws Exception {
        ProcessedMessages claims = worker("one", RESENDS, Duration.ofMinutes(1));
        Incoming sent = message("sent", 1);
        Incoming refused = message("refused", 1);
        Incoming unknown = message("unknown", 1);
        Incoming waiting = message("waiting", 1);
        Incoming recent = message("recent", 1);
        sent(claims, (Claim.Granted) claims.claim(sent), "250 ok");
        claims.giveUp(
                (Claim.Granted) claims.claim(refused),
                new Parking(ParkReason.REFUSED, "refused", "550 no", 1, Duration.ZERO));
        claims.giveUp(
                (Claim.Granted) claims.claim(unknown),
                new Parking(ParkReason.UNKNOWN_OUTCOME, "lost", null, 1, Duration.ZERO));
        claims.retry((Claim.Granted) claims.claim(waiting), "451 later", Duration.ofMinutes(1));
        update("created_at = NOW(6) - INTERVAL 31 DAY");
        sent(claims, (Claim.Granted) claims.claim(recent), "250 ok");

        assertThat(new Sweeper(database, consumer, Duration.ofDays(30)).sweep()).isEqualTo(2);

        assertThat(text("state", sent)).isNull();
        assertThat(text("state", refused)).isNull();
        assertThat(text("state", unknown)).isEqualTo("UNKNOWN");
        assertThat(text("state", waiting)).isEqualTo("WAITING");
        assertThat(text("state", recent)).isEqualTo("SENT");
    }

    private ProcessedMessages worker(String name, int resends, Duration lease) {
        ClaimRules rules = new ClaimRules(consumer, lease, resends, ORDER_WAIT);
        GroupCommit commits = new GroupCommit(database, rules);
        open.add(commits);
        return new ProcessedMessages(commits, rules, name);
    }

    private static void sent(ProcessedMessages claims, Claim.Granted claim, String reply) {
        claims.sent(claim, reply).toCompletableFuture().join();
    }

    private static Incoming message(String order, long version) {
        return new Incoming(
                "outbox.events:Order.OrderPlaced:mail.orders.0",
                "mail.orders.0",
                UUID.randomUUID().toString(),
                "OrderPlaced",
                null,
                order,
                version,
                0,
                Map.of(),
                new byte[0]);
    }

    private @Nullable String text(String column, Incoming message) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT " + column + " FROM processed_messages WHERE consumer = ? AND message_id = ?")) {
            Sql.set(select, List.of(consumer, String.valueOf(message.messageId())));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Of the one connection that the pool has. */
    private long connectionId() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT CONNECTION_ID()");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void asRoot(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        mysql.server().jdbcUrl(""), "root", mysql.server().rootPassword());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void update(String assignment) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            Sql.update(
                    connection,
                    "UPDATE processed_messages SET " + assignment + " WHERE consumer = ?",
                    List.of(consumer));
        }
    }
}
