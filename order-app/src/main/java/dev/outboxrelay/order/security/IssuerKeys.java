package dev.outboxrelay.order.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an issuer as we keep them: asked for anew every five minutes and for each key that is not among them, and good
 * for an hour where the issuer does not answer. Who needs a key that is there waits only where the five minutes are over: for
 * the answer, or half a second for whoever asks, and is then refused for now.
 */
public final class IssuerKeys {
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration OUTAGE = Duration.ofHours(1);
    private static final Duration WAIT = Duration.ofMillis(500);

    private IssuerKeys() {}

    /** Has a decoder that Spring Security has put together keep its keys like that; it would forget them after five minutes. */
    public static void keep(ConfigurableJWTProcessor<SecurityContext> decoder) {
        JWSVerificationKeySelector<SecurityContext> selector =
                (JWSVerificationKeySelector<SecurityContext>) decoder.getJWSKeySelector();
        JWKSetBasedJWKSource<SecurityContext> keys = (JWKSetBasedJWKSource<SecurityContext>) selector.getJWKSource();
        CachingJWKSetSource<SecurityContext> cache = (CachingJWKSetSource<SecurityContext>) keys.getJWKSetSource();
        decoder.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.Family.SIGNATURE.stream()
                        .filter(selector::isAllowed)
                        .collect(Collectors.toUnmodifiableSet()),
                kept(cache.getSource(), FRESH)));
    }

    /** Throws where the issuer did not answer and the key is not among those that it told before: it may be a new one. */
    static JWKSource<SecurityContext> kept(JWKSetSource<SecurityContext> issuer, Duration fresh) {
        Reachable reachable = new Reachable(issuer);
        JWKSource<SecurityContext> kept = JWKSourceBuilder.create(reachable)
                .cache(fresh.toMillis(), WAIT.toMillis())
                .refreshAheadCache(false)
                .rateLimited(false)
                .outageTolerant(OUTAGE.toMillis())
                .build();
        return (selector, context) -> {
            List<JWK> found = kept.get(selector, context);
            if (found.isEmpty() && reachable.away) {
                throw new JWKSetUnavailableException("The issuer did not say whether the key is its own");
            }
            return found;
        };
    }

    /** Says of an issuer that does not answer what Nimbus takes for an outage; Spring Security says less. */
    private static final class Reachable extends JWKSetSourceWrapper<SecurityContext> {
        private volatile boolean away;

        Reachable(JWKSetSource<SecurityContext> issuer) {
            super(issuer);
        }

        @Override
        public JWKSet getJWKSet(
                JWKSetCacheRefreshEvaluator refresh, long currentTime, @Nullable SecurityContext context)
                throws KeySourceException {
            try {
                JWKSet told = getSource().getJWKSet(refresh, currentTime, context);
                away = false;
                return told;
            } catch (RemoteKeySourceException e) {
                away = true;
                throw new JWKSetUnavailableException("The issuer's keys cannot be had", e);
            }
        }
    }
}
