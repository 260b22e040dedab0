package dev.outboxrelay.order;

import java.net.URI;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/orders")
final class OrderController {
    private static final String NOBODY = "anonymous";

    private final Orders orders;

    OrderController(Orders orders) {
        this.orders = orders;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<OrderAnswer> place(@RequestBody PlaceOrder command, @Nullable Principal caller) {
        Order order = orders.place(caller == null ? NOBODY : caller.getName(), command);
        return ResponseEntity.created(URI.create("/v1/orders/" + order.id())).body(OrderAnswer.of(order));
    }
}
