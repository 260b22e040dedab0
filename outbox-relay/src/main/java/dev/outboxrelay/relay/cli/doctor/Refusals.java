package dev.outboxrelay.relay.cli.doctor;

import java.security.GeneralSecurityException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why MySQL did not do something. */
final class Refusals {

    /** What it comes down to. */
    enum Kind {
        UNREACHABLE,
        TLS,
        LOGIN,
        SCHEMA,
        PRIVILEGE,
        OTHER
    }

    private Refusals() {}

    static Kind kind(Throwable thrown) {
        SQLException sql = sql(thrown);
        if (sql == null) {
            return Kind.OTHER;
        }
        if (isTls(thrown)) {
            return Kind.TLS;
        }
        return switch (sql.getErrorCode()) {
            case 1045, 1130, 1862, 3118 -> Kind.LOGIN;
            case 1044, 1049 -> Kind.SCHEMA;
            case 1142, 1143, 1227 -> Kind.PRIVILEGE;
            default -> String.valueOf(sql.getSQLState()).startsWith("08") ? Kind.UNREACHABLE : Kind.OTHER;
        };
    }

    static @Nullable SQLException sql(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return e;
            }
        }
        return null;
    }

    private static boolean isTls(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof SSLException
                    || cause instanceof GeneralSecurityException
                    || message.contains("SSL Connection required")
                    || message.contains("Public Key Retrieval")) {
                return true;
            }
        }
        return false;
    }
}
