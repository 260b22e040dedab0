package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.OutboxTable;
import dev.outboxrelay.relay.Settings;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The one place that turns an exception into a sentence and an exit code. */
final class Failures {

    private static final int ACCESS_DENIED = 1045;
    private static final int NO_SUCH_SCHEMA = 1049;
    private static final int NO_SUCH_TABLE = 1146;
    private static final int TABLE_DENIED = 1142;
    private static final int PRIVILEGE_MISSING = 1227;

    /** How a command ends. */
    record Failure(ExitCode code, String sentence) {}

    private Failures() {}

    /** Never holds a password or a payload. */
    static Failure of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            Failure failure = known(cause);
            if (failure != null) {
                return failure;
            }
        }
        return new Failure(ExitCode.FAILED, "unexpected " + thrown);
    }

    private static @Nullable Failure known(Throwable cause) {
        if (cause instanceof CommandException e) {
            return new Failure(e.exitCode(), message(e));
        }
        if (cause instanceof Settings.InvalidException e) {
            return new Failure(ExitCode.USAGE, message(e));
        }
        if (cause instanceof OutboxTable.UnfitException e) {
            return new Failure(ExitCode.FAILED, message(e));
        }
        if (cause instanceof CommandConnection.UnreachableException e) {
            return new Failure(ExitCode.FAILED, message(e));
        }
        if (cause instanceof SQLException e) {
            return new Failure(ExitCode.FAILED, sentence(e));
        }
        if (cause instanceof FileSystemException e) {
            return new Failure(ExitCode.FAILED, sentence(e));
        }
        return cause instanceof IOException e ? new Failure(ExitCode.FAILED, message(e)) : null;
    }

    private static String sentence(FileSystemException e) {
        String file = e.getFile();
        if (e instanceof NoSuchFileException) {
            return file + ": there is no such file or directory";
        }
        return e instanceof AccessDeniedException ? file + ": this user may not read or write it" : message(e);
    }

    private static String sentence(SQLException e) {
        String state = e.getSQLState();
        if (state != null && state.startsWith("08")) {
            return root(e) instanceof SocketTimeoutException
                    ? "MySQL did not answer in time"
                    : "the connection to MySQL was lost: " + message(root(e));
        }
        return switch (e.getErrorCode()) {
            case ACCESS_DENIED -> "MySQL refused the login (spring.datasource.username, .password): " + message(e);
            case NO_SUCH_SCHEMA, NO_SUCH_TABLE, TABLE_DENIED, PRIVILEGE_MISSING ->
                message(e) + ". Is relay.schema right, and has flyway made its tables and this user?";
            default -> "MySQL says: " + message(e);
        };
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String message(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    }
}
