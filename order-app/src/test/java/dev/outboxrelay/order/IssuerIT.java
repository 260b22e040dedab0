package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import dev.outboxrelay.order.Api.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IssuerIT {
    private static final Issuer issuer = new Issuer();

    private final Instant soon = Instant.now().plusSeconds(600);

    @RegisterExtension
    static final OrderAppExtension app =
            new OrderAppExtension("--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + issuer.uri());

    private final LogWatch log = new LogWatch();

    @AfterEach
    void close() {
        issuer.close();
        log.close();
    }

    @Test
    @Order(1)
    void while_the_issuer_is_away_its_tokens_are_503_and_afterwards_those_that_it_signs_are_taken()
            throws IOException, JOSEException {
        Answer away = place(issuer.token(issuer.uri(), soon));
        assertThat(away.status()).as(away.text()).isEqualTo(503);
        assertThat(away.header("Retry-After")).isNotEmpty();
        assertThat(away.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(away.text()).doesNotContain("127.0.0.1");
        assertThat(log.lines()).anyMatch(line -> line.contains("the issuer's keys cannot be had"));
        assertThat(log.linesWithATrace()).isEmpty();
        assertThat(place(TestTokens.ALICE).status()).as("needs no issuer").isEqualTo(201);
        assertThat(place("guessed").status()).as("is no JWT").isEqualTo(401);

        issuer.start();
        assertThat(place(issuer.token(issuer.uri(), soon)).status()).isEqualTo(201);
        assertThat(place(issuer.token("https://another.example", soon)).status())
                .isEqualTo(401);
        assertThat(place(issuer.token(issuer.uri(), Instant.now().minus(Duration.ofHours(1))))
                        .status())
                .isEqualTo(401);
        assertThat(place(new Issuer().token(issuer.uri(), soon)).status()).isEqualTo(401);

        issuer.rotate();
        assertThat(place(issuer.token(issuer.uri(), soon)).status())
                .as("signed with a new key")
                .isEqualTo(201);
    }

    @Test
    @Order(2)
    void while_the_issuer_drips_who_brings_a_key_that_is_unknown_is_told_so_soon_and_nobody_else_waits()
            throws IOException, JOSEException {
        issuer.start();
        String known = issuer.token(issuer.uri(), soon);
        assertThat(place(known).status()).isEqualTo(201);
        issuer.drip();
        Api stranger = app.api().withToken(new Issuer().token(issuer.uri(), soon));

        List<CompletableFuture<Answer>> strangers = Stream.generate(
                        () -> stranger.postAsync("/v1/orders", Bodies.placeOrder()))
                .limit(100)
                .toList();
        assertThat(place(TestTokens.ALICE).status()).as("needs no issuer").isEqualTo(201);
        assertThat(app.api().get("/livez").status()).isEqualTo(200);
        assertThat(place(known).status()).as("needs no new key").isEqualTo(201);
        assertThat(strangers)
                .as("most of them wait, and so does the issuer's answer")
                .anyMatch(answer -> !answer.isDone());
        assertThat(strangers).allSatisfy(answer -> assertThat(answer)
                .succeedsWithin(Duration.ofSeconds(20))
                .extracting(Answer::status)
                .isEqualTo(503));
    }

    private static Answer place(String token) {
        return app.api().withToken(token).post("/v1/orders", Bodies.placeOrder());
    }
}
