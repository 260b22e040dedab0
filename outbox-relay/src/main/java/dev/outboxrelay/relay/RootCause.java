package dev.outboxrelay.relay;

import java.sql.SQLException;

/** The deepest cause of a failure in one line: what the layers above it add is for their authors. */
public final class RootCause {

    private RootCause() {}

    /** Its message, with its kind in front where the message alone may say too little. */
    public static String of(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage();
        if (message == null) {
            return root.toString();
        }
        boolean speaksForItself = root == thrown || root instanceof SQLException;
        String line = message.replaceAll("\\s+", " ").strip();
        return speaksForItself ? line : root.getClass().getSimpleName() + ": " + line;
    }
}
