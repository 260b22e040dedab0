package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeyRequiredIT {
    @RegisterExtension
    static final OrderAppExtension app =
            new OrderAppExtension("--order-app.idempotency.key=required", "--order-app.security=none");

    @Test
    void without_an_idempotency_key_it_is_400_where_one_is_required() {
        assertThat(app.api().post("/v1/orders", Bodies.placeOrder()).status()).isEqualTo(400);
        assertThat(app.api()
                        .post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "a")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void anybody_may_do_anything_where_security_is_switched_off() {
        Api nobody = app.api().withToken("");
        assertThat(nobody.post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "b")
                        .status())
                .isEqualTo(201);
    }
}
