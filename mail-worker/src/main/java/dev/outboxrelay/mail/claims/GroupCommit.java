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

/**
 * Lets claims and changes of concurrent consumers share transactions: whatever has come in while one transaction was
 * being committed makes up the next. A durable commit costs about the same for one row as for forty, and it is what a
 * mail costs most. A caller is answered only after the commit; the failure of one request fails no other.
 */
public final class GroupCommit implements AutoCloseable {
    private static final int MAX_GROUP = 256;
    private static final int MAX_DEADLOCKS = 5;
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    private final DataSource database;
    private final ClaimRules rules;
    private final BlockingQueue<Request<?>> requests = new LinkedBlockingQueue<>();
    private final Thread committer = new Thread(this::run, "group-commit");
    private volatile boolean closed;

    public GroupCommit(DataSource database, ClaimRules rules) {
        this.database = database;
        this.rules = rules;
        committer.setDaemon(true);
        committer.start();
    }

    /** Claims; asks the database once. */
    Claim claim(ClaimRequest claim) {
        return await(new ClaimWish(claim, new CompletableFuture<>()));
    }

    /**
     * Applies a change, again and again while the database is away and the claim stands.
     *
     * @return false if the row was no longer signed with the change's token
     */
    boolean change(Change change, long endNanos) {
        Duration pause = Duration.ofMillis(50);
        while (true) {
            try {
                return await(new ChangeWish(change, new CompletableFuture<>()));
            } catch (ClaimsUnavailableException e) {
                if (closed || System.nanoTime() + pause.toNanos() - endNanos > 0 || !sleep(pause)) {
                    throw e;
                }
                pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
            }
        }
    }

    private <T> T await(Request<T> request) {
        requests.add(request);
        if (closed) {
            failWaiting();
        }
        try {
            return request.answer().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SQLException cause && !isDataError(cause)) {
                throw new ClaimsUnavailableException("the database cannot be used: " + cause.getMessage(), cause);
            }
            throw new IllegalStateException("processed_messages refused a row", e.getCause());
        }
    }

    private void run() {
        List<Request<?>> group = new ArrayList<>();
        while (!closed || !requests.isEmpty()) {
            requests.drainTo(group, MAX_GROUP);
            if (group.isEmpty()) {
                waitForOne(group);
            } else {
                answer(group);
                group.clear();
            }
        }
        failWaiting();
    }

    /** Not for ever, so that closing is noticed. */
    private void waitForOne(List<Request<?>> group) {
        try {
            Request<?> request = requests.poll(1, TimeUnit.SECONDS);
            if (request != null) {
                group.add(request);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void answer(List<Request<?>> group) {
        try {
            commit(group);
        } catch (SQLException e) {
            if (group.size() > 1 && isDataError(e)) {
                group.forEach(request -> answer(List.of(request)));
            } else {
                group.forEach(request -> request.answer().completeExceptionally(e));
            }
        } catch (RuntimeException e) {
            group.forEach(request -> request.answer().completeExceptionally(e));
        }
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

    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void failWaiting() {
        List<Request<?>> left = new ArrayList<>();
        requests.drainTo(left);
        left.forEach(request -> request.answer().completeExceptionally(new SQLException("the worker is stopping")));
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

    private record ChangeWish(Change change, CompletableFuture<Boolean> answer) implements Request<Boolean> {}
}
