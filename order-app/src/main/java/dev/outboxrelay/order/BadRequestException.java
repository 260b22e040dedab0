package dev.outboxrelay.order;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** 400, for what is wrong beside what stands in the body. The detail is for the caller. */
final class BadRequestException extends ResponseStatusException {
    private static final long serialVersionUID = 1;

    BadRequestException(String detail) {
        super(HttpStatus.BAD_REQUEST, detail);
    }
}
