package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.Ports;
import dev.outboxrelay.order.Api.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IssuerIT {
    /** Looks like a JWT with a key that has to be fetched; nothing else of it matters. */
    private static final String JWT = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJzdWIiOiJjYXJvbCJ9.c2ln";

    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension(
            "--spring.security.oauth2.resourceserver.jwt.issuer-uri=http://127.0.0.1:" + Ports.free());

    @Test
    void while_the_issuer_is_away_its_tokens_are_503_and_those_that_need_no_issuer_work() {
        Answer answer = app.api().withToken(JWT).post("/v1/orders", Bodies.placeOrder());

        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text()).doesNotContain("127.0.0.1");
        assertThat(app.api().post("/v1/orders", Bodies.placeOrder()).status()).isEqualTo(201);
        assertThat(app.api()
                        .withToken("guessed")
                        .post("/v1/orders", Bodies.placeOrder())
                        .status())
                .isEqualTo(401);
    }
}
