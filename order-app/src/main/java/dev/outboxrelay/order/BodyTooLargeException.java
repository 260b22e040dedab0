package dev.outboxrelay.order;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** 413. */
final class BodyTooLargeException extends ResponseStatusException {
    private static final long serialVersionUID = 1;

    BodyTooLargeException() {
        super(
                HttpStatus.CONTENT_TOO_LARGE,
                "The body must have no more than " + CommandArgument.MAX_BYTES / 1024 + " KiB.");
    }
}
