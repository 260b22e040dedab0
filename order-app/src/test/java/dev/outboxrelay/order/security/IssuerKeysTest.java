package dev.outboxrelay.order.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {
    private final Issuer issuer = new Issuer();

    private final JWKSource<SecurityContext> keys = IssuerKeys.kept(issuer, Duration.ofMillis(1));

    @Test
    void while_the_issuer_is_away_known_keys_are_good_and_nobody_says_of_another_that_it_is_none()
            throws KeySourceException {
        assertThat(find("known")).hasSize(1);
        assertThat(find("unknown")).isEmpty();

        issuer.away = true;
        int asked = issuer.asked;
        await().until(() -> {
            assertThat(find("known")).hasSize(1);
            return issuer.asked > asked;
        });
        assertThatThrownBy(() -> find("unknown")).isInstanceOf(KeySourceException.class);

        issuer.away = false;
        assertThat(find("unknown")).isEmpty();
    }

    private List<JWK> find(String key) throws KeySourceException {
        return keys.get(new JWKSelector(new JWKMatcher.Builder().keyID(key).build()), null);
    }

    private static final class Issuer implements JWKSetSource<SecurityContext> {
        private boolean away;
        private int asked;

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
                throws KeySourceException {
            asked++;
            if (away) {
                throw new RemoteKeySourceException("away", null);
            }
            return new JWKSet(
                    new OctetSequenceKey.Builder(new byte[32]).keyID("known").build());
        }

        @Override
        public void close() {}
    }
}
