package dev.outboxrelay.order;

import dev.outboxrelay.order.Outcome.Refusal;
import dev.outboxrelay.order.json.InvalidBodyException;
import dev.outboxrelay.order.json.MalformedBodyException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Every refusal as application/problem+json (RFC 9457). */
@RestControllerAdvice
final class Problems extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final String RETRY_AFTER_SECONDS = "1";

    @ExceptionHandler
    ProblemDetail invalid(InvalidBodyException e) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, "The body is not valid; nothing was done. See errors.");
        problem.setProperty("errors", e.violations());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail malformed(MalformedBodyException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(RefusedException e) {
        Refusal refusal = e.refused().refusal();
        HttpStatus status = status(refusal);
        ResponseEntity.BodyBuilder response = ResponseEntity.status(status);
        if (refusal == Refusal.IN_PROGRESS) {
            response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return response.body(
                ProblemDetail.forStatusAndDetail(status, e.refused().detail()));
    }

    private static HttpStatus status(Refusal refusal) {
        return switch (refusal) {
            case UNKNOWN_ORDER -> HttpStatus.NOT_FOUND;
            case WRONG_STATE, IN_PROGRESS -> HttpStatus.CONFLICT;
            case WRONG_VERSION -> HttpStatus.PRECONDITION_FAILED;
            case KEY_REUSED -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
    }

    /** Everything else is either about to pass, or nobody foresaw it. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> failed(Exception e) {
        return Failures.isTemporary(e) ? unavailable() : unexpected(e);
    }

    /**
     * MySQL is away, too slow or overloaded. Nothing was written, unless the connection broke during the commit, which nobody
     * can know. Trying again is right in any case; with an Idempotency-Key it is also safe.
     */
    private static ResponseEntity<ProblemDetail> unavailable() {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .body(ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE, "The order could not be stored now; try again."));
    }

    /** The caller gets a number to complain with, the log the same number and the place. */
    private static ResponseEntity<ProblemDetail> unexpected(Exception e) {
        UUID incident = UUID.randomUUID();
        LOG.error("Incident {}: {}", incident, Failures.describe(e));
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.INTERNAL_SERVER_ERROR, "This is our fault. The incident's number helps us to find it.");
        problem.setProperty("incident", incident);
        return ResponseEntity.internalServerError().body(problem);
    }
}
