package dev.outboxrelay.flyway;

/** The passwords of the four users. None is ever shown: not here, in a log, or in an error. */
public record Passwords(String orderApp, String outboxRelay, String mailWorker, String auditor) {
    public Passwords {
        if (orderApp.isEmpty() || outboxRelay.isEmpty() || mailWorker.isEmpty() || auditor.isEmpty()) {
            throw new IllegalArgumentException("Every user needs a password that is not empty.");
        }
    }

    @Override
    public String toString() {
        return "Passwords[****]";
    }
}
