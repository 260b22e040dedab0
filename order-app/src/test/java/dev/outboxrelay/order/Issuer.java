package dev.outboxrelay.order;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.outboxrelay.local.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Issues tokens and, while it is up, tells its public key as OpenID Connect Discovery wants it. */
final class Issuer implements AutoCloseable {
    private final String uri = "http://127.0.0.1:" + Ports.free();
    private volatile RSAKey key = newKey();
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private @Nullable HttpServer server;

    String uri() {
        return uri;
    }

    void start() throws IOException {
        HttpServer started = HttpServer.create(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), URI.create(uri).getPort()),
                0);
        serve(
                started,
                "/.well-known/openid-configuration",
                () -> "{\"issuer\":\"" + uri + "\",\"jwks_uri\":\"" + uri
                        + "/keys\",\"subject_types_supported\":[\"public\"]}");
        serve(started, "/keys", () -> new JWKSet(key.toPublicJWK()).toString());
        started.start();
        server = started;
    }

    /** From now on it answers a space now and then, and nothing else until it is closed. */
    void drip() {
        answers = new CountDownLatch(1);
    }

    /** From now on it signs with another key. */
    void rotate() {
        key = newKey();
    }

    /** For Carol, by this issuer's key, in the name of that issuer. */
    String token(String issuer, Instant expiry) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .subject("carol")
                        .claim("scope", "orders:place")
                        .expirationTime(Date.from(expiry))
                        .build());
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    @Override
    public void close() {
        answers.countDown();
        if (server != null) {
            server.stop(0);
        }
    }

    private void serve(HttpServer server, String path, Supplier<String> json) {
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (!mayAnswer()) {
                    body.write(' ');
                    body.flush();
                }
                body.write(json.get().getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private boolean mayAnswer() {
        try {
            return answers.await(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }
}
