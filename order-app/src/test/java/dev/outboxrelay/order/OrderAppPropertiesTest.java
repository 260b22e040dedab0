package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.order.OrderAppProperties.Idempotency;
import dev.outboxrelay.order.OrderAppProperties.KeyPolicy;
import dev.outboxrelay.order.OrderAppProperties.Security;
import dev.outboxrelay.order.OrderAppProperties.Token;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderAppPropertiesTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Idempotency ANY =
            new Idempotency(KeyPolicy.OPTIONAL, Duration.ofHours(24), Duration.ofMinutes(1));

    @Test
    void every_problem_is_told_at_once_and_no_hash_is_shown() {
        Token bad = new Token("", "5ecret", Set.of());

        assertThatThrownBy(() -> new OrderAppProperties(Security.TOKEN, List.of(bad, bad), 0, SOON, ANY))
                .hasMessageContaining("order-app.tokens[0].subject")
                .hasMessageContaining("order-app.tokens[0].sha256")
                .hasMessageContaining("order-app.tokens[1].scopes")
                .hasMessageContaining("order-app.max-concurrent")
                .hasMessageNotContaining("5ecret");
        assertThat(bad.toString()).doesNotContain("5ecret");
    }

    @Test
    void a_scope_that_opens_nothing_is_told() {
        Token carla = new Token("carla", TestTokens.sha256(TestTokens.CANCELLER), Set.of("orders:cancel", "order:pay"));

        assertThatThrownBy(() -> new OrderAppProperties(Security.TOKEN, List.of(carla), 1, SOON, ANY))
                .hasMessageContaining("order-app.tokens[0].scopes has order:pay")
                .hasMessageNotContaining("has orders:cancel");
    }

    @Test
    void a_token_stands_for_one_subject() {
        String hash = TestTokens.sha256(TestTokens.ALICE);
        Token alice = new Token("alice", hash, Set.of("orders:write"));
        Token mallory = new Token("mallory", hash.toUpperCase(Locale.ROOT), Set.of("orders:write"));

        assertThatThrownBy(() -> new OrderAppProperties(Security.TOKEN, List.of(alice, mallory), 1, SOON, ANY))
                .hasMessageContaining("order-app.tokens[1].sha256 is that of another token")
                .hasMessageNotContaining(hash);
    }
}
