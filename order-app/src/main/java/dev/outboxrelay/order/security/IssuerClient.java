package dev.outboxrelay.order.security;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RequestCallback;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.ResponseExtractor;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;

/**
 * Asks the issuer for its keys. Whoever needs one waits for whoever asks, so an issuer that hangs is left alone for a while:
 * all who wait are told so together, and not one after the other.
 */
public final class IssuerClient extends RestTemplate {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A failure that took longer was one of waiting. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final Clock clock;
    private volatile Instant notBefore = Instant.MIN;

    public IssuerClient(Clock clock) {
        super(requests());
        this.clock = clock;
    }

    @Override
    protected <T> @Nullable T doExecute(
            URI url,
            @Nullable String template,
            @Nullable HttpMethod method,
            @Nullable RequestCallback request,
            @Nullable ResponseExtractor<T> response) {
        Instant begun = clock.instant();
        if (begun.isBefore(notBefore)) {
            throw new ResourceAccessException("The issuer did not answer a moment ago");
        }
        try {
            return super.doExecute(url, template, method, request, response);
        } catch (RestClientException e) {
            Instant now = clock.instant();
            if (begun.plus(AT_ONCE).isBefore(now)) {
                notBefore = now.plus(ApiSecurity.RETRY_AFTER);
            }
            throw e;
        }
    }

    private static SimpleClientHttpRequestFactory requests() {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(PATIENCE);
        requests.setReadTimeout(PATIENCE);
        return requests;
    }
}
