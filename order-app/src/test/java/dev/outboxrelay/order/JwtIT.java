package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.outboxrelay.order.Api.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JwtIT {
    private static final KeyPair KEYS = newKeys();

    private final Instant soon = Instant.now().plusSeconds(600);

    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension(
            "--spring.security.oauth2.resourceserver.jwt.public-key-location=file:" + pem(),
            "--spring.security.oauth2.resourceserver.jwt.audiences=order-app");

    @Test
    void a_jwt_with_the_scope_places_an_order_for_its_subject() throws JOSEException {
        Answer answer = place(signed(claims("carol", "orders:place", soon), KEYS));

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(app.database()
                        .root()
                        .queryForObject(
                                "SELECT placed_by FROM orders WHERE id = UUID_TO_BIN(?)",
                                String.class,
                                answer.json().get("id").stringValue()))
                .isEqualTo("carol");
    }

    @Test
    void a_scope_opens_its_own_command_and_no_other() throws JOSEException {
        List<String> scopes = List.of("orders:place", "orders:pay", "orders:ship", "orders:cancel");
        String shipped = "/v1/orders/" + placed();
        String cancelled = "/v1/orders/" + placed();
        List<String> paths =
                List.of("/v1/orders", shipped + "/payment", shipped + "/shipment", cancelled + "/cancellation");
        List<String> bodies =
                List.of(Bodies.placeOrder(), "", "{\"carrier\":\"c\",\"tracking\":\"t\"}", "{\"reason\":\"r\"}");

        for (int command = 0; command < paths.size(); command++) {
            for (int scope = 0; scope < scopes.size(); scope++) {
                Answer answer = app.api()
                        .withToken(signed(claims("carol", scopes.get(scope), soon), KEYS))
                        .post(paths.get(command), bodies.get(command));
                assertThat(answer.status())
                        .as("%s with %s", paths.get(command), scopes.get(scope))
                        .isEqualTo(command != scope ? 403 : command == 0 ? 201 : 200);
            }
        }
    }

    private String placed() throws JOSEException {
        return place(signed(claims("carol", "orders:place", soon), KEYS))
                .json()
                .get("id")
                .stringValue();
    }

    @Test
    void an_expired_foreign_unsigned_or_disguised_token_is_401() throws JOSEException {
        JWTClaimsSet good = claims("carol", "orders:write", soon);

        assertThat(place(signed(claims("carol", "orders:write", Instant.now().minusSeconds(600)), KEYS))
                        .status())
                .isEqualTo(401);
        assertThat(place(signed(good, newKeys())).status()).isEqualTo(401);
        assertThat(place(new PlainJWT(good).serialize()).status()).isEqualTo(401);
        JWSSigner publicKeyAsSecret = new MACSigner(KEYS.getPublic().getEncoded());
        assertThat(place(signed(good, JWSAlgorithm.HS256, publicKeyAsSecret)).status())
                .isEqualTo(401);
        String token = signed(good, KEYS);
        assertThat(place(token.substring(0, token.length() - 5)).status()).isEqualTo(401);
        for (JWTClaimsSet wrong : List.of(
                new JWTClaimsSet.Builder(good).audience("another").build(),
                new JWTClaimsSet.Builder(good).audience((String) null).build(),
                new JWTClaimsSet.Builder(good).notBeforeTime(Date.from(soon)).build())) {
            assertThat(place(signed(wrong, KEYS)).status()).as(wrong.toString()).isEqualTo(401);
        }
    }

    @Test
    void a_token_without_a_usable_subject_is_401() throws JOSEException {
        assertThat(place(signed(claims(null, "orders:write", soon), KEYS)).status())
                .isEqualTo(401);
        assertThat(place(signed(claims("s".repeat(256), "orders:write", soon), KEYS))
                        .status())
                .isEqualTo(401);
        assertThat(place(signed(claims("a\nb", "orders:write", soon), KEYS)).status())
                .isEqualTo(401);
    }

    @Test
    void static_tokens_go_on_to_work_beside() {
        assertThat(app.api().post("/v1/orders", Bodies.placeOrder()).status()).isEqualTo(201);
    }

    private static Answer place(String token) {
        return app.api().withToken(token).post("/v1/orders", Bodies.placeOrder());
    }

    private static JWTClaimsSet claims(@Nullable String subject, String scope, Instant expiry) {
        return new JWTClaimsSet.Builder()
                .subject(subject)
                .audience("order-app")
                .claim("scope", scope)
                .expirationTime(Date.from(expiry))
                .build();
    }

    private static String signed(JWTClaimsSet claims, KeyPair keys) throws JOSEException {
        return signed(claims, JWSAlgorithm.RS256, new RSASSASigner(keys.getPrivate()));
    }

    private static String signed(JWTClaimsSet claims, JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
        SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Path pem() {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(KEYS.getPublic().getEncoded());
        try {
            Path file = Path.of("target", "jwt-it-key.pem").toAbsolutePath();
            return Files.writeString(file, "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
