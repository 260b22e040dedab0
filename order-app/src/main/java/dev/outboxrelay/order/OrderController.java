package dev.outboxrelay.order;

import dev.outboxrelay.order.Change.Cancellation;
import dev.outboxrelay.order.Change.Payment;
import dev.outboxrelay.order.Change.Shipment;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** HTTP on one side, commands on the other. */
@Controller
@RequestMapping(path = "/v1/orders", produces = MediaType.APPLICATION_JSON_VALUE)
final class OrderController {
    private static final String ID = "/{id:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}}";

    private final Orders orders;
    private final Admission admission;

    OrderController(Orders orders, Admission admission) {
        this.orders = orders;
        this.admission = admission;
    }

    @Operation(summary = "Place an order")
    @PostMapping
    Outcome place(Call call, @RequestBody PlaceOrder command) {
        return admission.admit(() -> orders.place(call, command));
    }

    @Operation(summary = "Pay an order that was placed")
    @PostMapping(ID + "/payment")
    Outcome pay(Call call, @PathVariable UUID id, IfMatch condition, @RequestBody Payment payment) {
        return admission.admit(() -> orders.change(call, id, condition, payment));
    }

    @Operation(summary = "Ship an order that was paid")
    @PostMapping(ID + "/shipment")
    Outcome ship(Call call, @PathVariable UUID id, IfMatch condition, @RequestBody Shipment shipment) {
        return admission.admit(() -> orders.change(call, id, condition, shipment));
    }

    @Operation(summary = "Cancel an order that was not shipped")
    @PostMapping(ID + "/cancellation")
    Outcome cancel(Call call, @PathVariable UUID id, IfMatch condition, @RequestBody Cancellation cancellation) {
        return admission.admit(() -> orders.change(call, id, condition, cancellation));
    }
}
