package dev.outboxrelay.mail.settings;

import java.util.List;

/** The settings cannot be used; the message lists everything that is wrong with them. */
public final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidSettingsException(List<String> problems) {
        super("The settings cannot be used:\n  - " + String.join("\n  - ", problems));
    }
}
