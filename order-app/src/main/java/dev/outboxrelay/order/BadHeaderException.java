package dev.outboxrelay.order;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** 400, for what stands beside the body. */
final class BadHeaderException extends ResponseStatusException {
    private static final long serialVersionUID = 1;

    BadHeaderException(String detail) {
        super(HttpStatus.BAD_REQUEST, detail);
    }
}
