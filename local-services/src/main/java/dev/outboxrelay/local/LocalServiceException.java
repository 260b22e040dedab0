package dev.outboxrelay.local;

/** A server could not be installed, started or reached. The message is a sentence for the person who has to act on it. */
public final class LocalServiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LocalServiceException(String message) {
        super(message);
    }

    public LocalServiceException(String message, Throwable cause) {
        super(message, cause);
    }
}
