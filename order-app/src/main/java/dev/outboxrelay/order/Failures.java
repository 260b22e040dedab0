package dev.outboxrelay.order;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what failed without the words of the failure: a driver's message may quote the data of an order. */
final class Failures {
    private static final String OURS = "dev.outboxrelay.";
    private static final int DEEPEST = 10;

    private Failures() {}

    /** The kinds of exception down to the root, SQL's own codes, and where in our code it came from. */
    static String describe(Throwable failure) {
        String kinds = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST)
                .map(Failures::kind)
                .collect(Collectors.joining(" < "));
        return Arrays.stream(failure.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .findFirst()
                .map(frame -> kinds + " at " + frame.getFileName() + ":" + frame.getLineNumber())
                .orElse(kinds);
    }

    private static String kind(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return failure instanceof SQLException e ? name + "[" + e.getSQLState() + "/" + e.getErrorCode() + "]" : name;
    }
}
