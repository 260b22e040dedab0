package dev.outboxrelay.mail.claims;

import dev.outboxrelay.mail.Claim;
import dev.outboxrelay.mail.Claims.ClaimsUnavailableException;
import dev.outboxrelay.mail.claims.ProcessedMessages.ClaimRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lets claims and changes of concurrent consumers share transactions: whatever has come in while one transaction was
 * being committed makes up the next. A durable commit costs about the same for one row as for forty, and it is what a
 * mail costs most. A request is answered only after the commit; the failure of one fails no other.
 */
public final class GroupCommit implements AutoCloseable {
    private static final int MAX_GROUP = 256;
    private static final int MAX_DEADLOCKS = 5;
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    private final DataSource database;
    private final ClaimRules rules;
    private final BlockingQueue<Request<?>> requests = new LinkedBlockingQueue<>();
    private final Thread committer = new Thread(this::run, "group-commit");
    private volatile boolean closed;

    /** Changes that failed and still count; with this wait, the committer's own. */
    private final List<Request<?>> again = new ArrayList<>();

    private Duration pause = FIRST_PAUSE;

    public GroupCommit(DataSource database, ClaimRules rules) {
        this.database = database;
        this.rules = rules;
        committer.setDaemon(true);
        committer.start();
    }

    /** Claims; asks the database once. */
    CompletableFuture<Claim> claim(ClaimRequest claim) {
        return ask(new ClaimWish(claim, new CompletableFuture<>()));
    }

    /**
     * Applies a change, again and again while the database is away and the claim stands. No claim asked for later is
     * answered before it.
     *
     * @return completes with false if the row was no longer signed with the change's token
     */
    CompletableFuture<Boolean> change(Change change, long endNanos) {
        return ask(new ChangeWish(change, endNanos, new CompletableFuture<>()));
    }

    private <T> CompletableFuture<T> ask(Request<T> request) {
        requests.add(request);
        if (closed) {
            failWaiting();
        }
        return request.answer();
    }

    /** Waits for an answer, and throws what it failed with. */
    static <T extends @Nullable Object> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void run() {
        List<Request<?>> group = new ArrayList<>();
        while (!closed || !requests.isEmpty() || !again.isEmpty()) {
            Request<?> first = next(again.isEmpty() ? IDLE : pause);
            group.addAll(again);
            again.clear();
            if (first != null) {
                group.add(first);
                requests.drainTo(group, MAX_GROUP);
            }
            if (!group.isEmpty()) {
                answer(group);
                group.clear();
            }
        }
        failWaiting();
    }

    /** Null after that time, so that closing is noticed. */
    private @Nullable Request<?> next(Duration wait) {
        try {
            return requests.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed = true;
            return null;
        }
    }

    private void answer(List<Request<?>> group) {
        try {
            commit(group);
            pause = FIRST_PAUSE;
        } catch (SQLException e) {
            if (!isDataError(e)) {
                putOff(group, new ClaimsUnavailableException("the database cannot be used: " + e.getMessage(), e));
            } else if (group.size() > 1) {
                group.forEach(request -> answer(List.of(request)));
            } else {
                fail(group, new IllegalStateException("processed_messages refused a row", e));
            }
        } catch (RuntimeException e) {
            fail(group, e);
        }
    }

    /** Claims fail; changes are at the head of the next group while their claims stand. */
    private void putOff(List<Request<?>> group, ClaimsUnavailableException e) {
        for (Request<?> request : group) {
            if (!closed && request instanceof ChangeWish change && change.standsAfter(pause)) {
                again.add(change);
            } else {
                request.answer().completeExceptionally(e);
            }
        }
        pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
    }

    private static void fail(List<Request<?>> group, RuntimeException e) {
        group.forEach(request -> request.answer().completeExceptionally(e));
    }

    private void commit(List<Request<?>> group) throws SQLException {
        for (int deadlocks = 0; ; deadlocks++) {
            try (Connection connection = database.getConnection()) {
                try {
                    transaction(connection, group);
                    return;
                } catch (SQLException e) {
                    connection.rollback();
                    if (!"40001".equals(e.getSQLState()) || deadlocks == MAX_DEADLOCKS) {
                        throw e;
                    }
                }
            }
        }
    }

    private void transaction(Connection connection, List<Request<?>> group) throws SQLException {
        List<ChangeWish> changes = only(group, ChangeWish.class);
        List<ClaimWish> claims = only(group, ClaimWish.class);
        List<Boolean> held = new Changes(connection, rules.consumer())
                .apply(changes.stream().map(ChangeWish::change).toList());
        List<Claim> answers = new ClaimBatch(connection, rules)
                .claim(claims.stream().map(ClaimWish::claim).toList());
        connection.commit();
        for (int i = 0; i < changes.size(); i++) {
            changes.get(i).answer().complete(held.get(i));
        }
        for (int i = 0; i < claims.size(); i++) {
            claims.get(i).answer().complete(answers.get(i));
        }
    }

    private static <T> List<T> only(List<Request<?>> group, Class<T> type) {
        return group.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** A row that cannot be stored, as opposed to a database that cannot be used. */
    private static boolean isDataError(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    private void failWaiting() {
        List<Request<?>> left = new ArrayList<>();
        requests.drainTo(left);
        fail(left, new ClaimsUnavailableException("the worker is stopping", null));
    }

    /** Answers what was asked, then refuses. */
    @Override
    public void close() {
        closed = true;
    }

    private sealed interface Request<T> {
        CompletableFuture<T> answer();
    }

    private record ClaimWish(ClaimRequest claim, CompletableFuture<Claim> answer) implements Request<Claim> {}

    private record ChangeWish(Change change, long endNanos, CompletableFuture<Boolean> answer)
            implements Request<Boolean> {
        boolean standsAfter(Duration pause) {
            return System.nanoTime() + pause.toNanos() - endNanos <= 0;
        }
    }
}
