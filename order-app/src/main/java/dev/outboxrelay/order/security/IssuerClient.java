package dev.outboxrelay.order.security;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.JdkClientHttpRequestFactory;
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
    /** For all of an answer, from the connection to its last byte. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A failure that took longer was one of waiting. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private volatile long notBefore = System.nanoTime();

    public IssuerClient() {
        super(requests());
    }

    @Override
    protected <T> @Nullable T doExecute(
            URI url,
            @Nullable String template,
            @Nullable HttpMethod method,
            @Nullable RequestCallback request,
            @Nullable ResponseExtractor<T> response) {
        long begun = System.nanoTime();
        if (begun - notBefore < 0) {
            throw new ResourceAccessException("The issuer did not answer a moment ago");
        }
        try {
            return super.doExecute(url, template, method, request, response);
        } catch (RestClientException e) {
            long now = System.nanoTime();
            if (now - begun > AT_ONCE.toNanos()) {
                notBefore = now + ApiSecurity.RETRY_AFTER.toNanos();
            }
            throw e;
        }
    }

    private static JdkClientHttpRequestFactory requests() {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(PATIENCE)
                .build());
        requests.setReadTimeout(PATIENCE);
        return requests;
    }
}
