package dev.outboxrelay.order;

import dev.outboxrelay.order.Change.Cancellation;
import dev.outboxrelay.order.Change.Payment;
import dev.outboxrelay.order.Change.Shipment;
import dev.outboxrelay.order.Outcome.Done;
import dev.outboxrelay.order.Outcome.Refusal;
import dev.outboxrelay.order.Outcome.Refused;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** HTTP on one side, commands on the other. */
@RestController
@RequestMapping("/v1/orders")
final class OrderController {
    private static final String ID = "/{id:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}}";
    private static final String RETRY_AFTER_SECONDS = "1";

    private final Orders orders;
    private final Admission admission;

    OrderController(Orders orders, Admission admission) {
        this.orders = orders;
        this.admission = admission;
    }

    @PostMapping
    ResponseEntity<?> place(Call call, @RequestBody PlaceOrder command) {
        return respond(() -> orders.place(call, command));
    }

    @PostMapping(ID + "/payment")
    ResponseEntity<?> pay(Call call, @PathVariable UUID id, IfMatch condition, @RequestBody Payment payment) {
        return respond(() -> orders.change(call, id, condition, payment));
    }

    @PostMapping(ID + "/shipment")
    ResponseEntity<?> ship(Call call, @PathVariable UUID id, IfMatch condition, @RequestBody Shipment shipment) {
        return respond(() -> orders.change(call, id, condition, shipment));
    }

    @PostMapping(ID + "/cancellation")
    ResponseEntity<?> cancel(
            Call call, @PathVariable UUID id, IfMatch condition, @RequestBody Cancellation cancellation) {
        return respond(() -> orders.change(call, id, condition, cancellation));
    }

    private ResponseEntity<?> respond(Supplier<Outcome> command) {
        Outcome outcome = admission.admit(command);
        return outcome instanceof Done done ? done(done) : refused((Refused) outcome);
    }

    private static ResponseEntity<byte[]> done(Done done) {
        Answer answer = done.answer();
        ResponseEntity.BodyBuilder response = ResponseEntity.status(answer.status())
                .contentType(MediaType.APPLICATION_JSON)
                .eTag(answer.etag());
        if (answer.location() != null) {
            response.header(HttpHeaders.LOCATION, answer.location());
        }
        if (done.replayed()) {
            response.header("Idempotent-Replayed", "true");
        }
        return response.body(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static ResponseEntity<ProblemDetail> refused(Refused refused) {
        HttpStatus status = status(refused.refusal());
        ResponseEntity.BodyBuilder response = ResponseEntity.status(status);
        if (refused.refusal() == Refusal.IN_PROGRESS) {
            response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return response.body(ProblemDetail.forStatusAndDetail(status, refused.detail()));
    }

    private static HttpStatus status(Refusal refusal) {
        return switch (refusal) {
            case UNKNOWN_ORDER -> HttpStatus.NOT_FOUND;
            case WRONG_STATE, IN_PROGRESS -> HttpStatus.CONFLICT;
            case WRONG_VERSION -> HttpStatus.PRECONDITION_FAILED;
            case KEY_REUSED -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
    }
}
