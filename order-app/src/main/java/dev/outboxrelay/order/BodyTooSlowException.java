package dev.outboxrelay.order;

import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** 408. */
final class BodyTooSlowException extends ResponseStatusException {
    private static final long serialVersionUID = 1;

    BodyTooSlowException(Duration timeout) {
        super(HttpStatus.REQUEST_TIMEOUT, "The body must be there within " + timeout.toMillis() + " ms.");
    }
}
