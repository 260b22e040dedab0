package dev.outboxrelay.order;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Judges what went wrong, and describes it without its own words: a driver's message may quote the data of an order. */
final class Failures {
    private static final String OURS = "dev.outboxrelay.";
    private static final int DEEPEST = 10;
    private static final String CONNECTION_STATE = "08";

    /** Too many connections, shutting down, user's limit, read only (thrice), out of disk (twice), interrupted, killed. */
    static final Set<Integer> PASSING_CODES = Set.of(1040, 1053, 1226, 1290, 1792, 1836, 1021, 1114, 1317, 3169);

    private Failures() {}

    /** Whether the same command may well succeed in a moment. */
    static boolean isTemporary(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof OverloadedException
                        || cause instanceof CannotCreateTransactionException
                        || cause instanceof TransientDataAccessException
                        || cause instanceof RecoverableDataAccessException
                        || cause instanceof DataAccessResourceFailureException
                        || (cause instanceof SQLException sql && isTemporary(sql)));
    }

    /** The kinds of exception down to the root, SQL's own codes, and where in our code it came from. */
    static String describe(Throwable failure) {
        String kinds = causes(failure).map(Failures::kind).collect(Collectors.joining(" < "));
        return Arrays.stream(failure.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .findFirst()
                .map(frame -> kinds + " at " + frame.getFileName() + ":" + frame.getLineNumber())
                .orElse(kinds);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Failures::cause).limit(DEEPEST);
    }

    /** Where the rollback fails as well, as it does on a broken connection, what came first is what went wrong. */
    private static @Nullable Throwable cause(Throwable failure) {
        Throwable original = failure instanceof TransactionSystemException e ? e.getApplicationException() : null;
        return original == null ? failure.getCause() : original;
    }

    private static boolean isTemporary(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null) {
            return failure.getErrorCode() == 0; // the pool's: it has taken the connection away, as it was broken
        }
        return PASSING_CODES.contains(failure.getErrorCode()) || state.startsWith(CONNECTION_STATE);
    }

    private static String kind(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return failure instanceof SQLException e ? name + "[" + e.getSQLState() + "/" + e.getErrorCode() + "]" : name;
    }
}
