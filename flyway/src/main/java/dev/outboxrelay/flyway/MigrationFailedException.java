package dev.outboxrelay.flyway;

/** Nothing more can be done without somebody's help; the message is one sentence that says what to help with. */
public final class MigrationFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MigrationFailedException(String sentence) {
        super(sentence);
    }

    MigrationFailedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
