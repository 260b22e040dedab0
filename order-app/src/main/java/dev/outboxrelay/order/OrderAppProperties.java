package dev.outboxrelay.order;

import dev.outboxrelay.order.security.ApiSecurity;
import dev.outboxrelay.order.security.StaticToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * All that is ours to configure. There is no such thing as an invalid one.
 *
 * @param security whether a bearer token is asked for; without, anybody may do anything
 * @param tokens whom to let in by a static token
 * @param maxConcurrent how many commands at a time may be at MySQL or wait for it; more are answered 503 at once
 * @param bodyTimeout within which the body of a request has to be there
 * @param idempotency how repeated commands are recognised
 */
@ConfigurationProperties(prefix = "order-app", ignoreUnknownFields = false)
record OrderAppProperties(
        @DefaultValue("token") Security security,
        @DefaultValue List<Token> tokens,
        @DefaultValue("64") int maxConcurrent,
        @DefaultValue("10s") Duration bodyTimeout,
        @DefaultValue Idempotency idempotency) {

    OrderAppProperties {
        tokens = List.copyOf(tokens);
        List<String> problems = new ArrayList<>();
        if (maxConcurrent < 1) {
            problems.add("order-app.max-concurrent must be at least 1");
        }
        if (bodyTimeout.toMillis() < 1) {
            problems.add("order-app.body-timeout must be at least 1ms");
        }
        idempotency.check(problems);
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            String name = "order-app.tokens[" + i + "]";
            tokens.get(i).check(name, problems);
            if (!hashes.add(tokens.get(i).sha256().toLowerCase(Locale.ROOT))) {
                problems.add(name + ".sha256 is that of another token: whom would it stand for?");
            }
        }
        if (!problems.isEmpty()) {
            throw new MisconfiguredException(problems);
        }
    }

    List<StaticToken> staticTokens() {
        return tokens.stream().map(Token::toStaticToken).toList();
    }

    enum Security {
        TOKEN,
        NONE
    }

    enum KeyPolicy {
        OPTIONAL,
        REQUIRED
    }

    /**
     * @param key whether a command without an Idempotency-Key is refused
     * @param expiry for how long a key is known at least
     * @param sweep how often older ones are deleted
     */
    record Idempotency(
            @DefaultValue("optional") KeyPolicy key,
            @DefaultValue("24h") Duration expiry,
            @DefaultValue("1m") Duration sweep) {
        private void check(List<String> problems) {
            if (expiry.toSeconds() < 1) {
                problems.add("order-app.idempotency.expiry must be at least 1s");
            }
            if (sweep.toMillis() < 1) {
                problems.add("order-app.idempotency.sweep must be at least 1ms");
            }
        }
    }

    /** @param sha256 of the token, so that the configuration lets nobody in: {@code printf %s "$TOKEN" | sha256sum} */
    record Token(
            @DefaultValue("") String subject,
            @DefaultValue("") String sha256,
            @DefaultValue Set<String> scopes) {
        private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
        private static final int MAX_SUBJECT = 255;

        private void check(String name, List<String> problems) {
            if (subject.isBlank() || subject.length() > MAX_SUBJECT) {
                problems.add(name + ".subject must have 1 to " + MAX_SUBJECT + " characters");
            }
            if (!SHA_256.matcher(sha256).matches()) {
                problems.add(name + ".sha256 must be the 64 hexadecimal digits of the token's SHA-256");
            }
            if (scopes.isEmpty()) {
                problems.add(name + ".scopes is empty");
            }
            scopes.stream()
                    .filter(scope -> !ApiSecurity.SCOPES.contains(scope))
                    .sorted()
                    .forEach(scope -> problems.add(
                            name + ".scopes has " + scope + ", which opens nothing: there are " + ApiSecurity.SCOPES));
        }

        private StaticToken toStaticToken() {
            return new StaticToken(subject, sha256, scopes);
        }

        @Override
        public String toString() {
            return toStaticToken().toString();
        }
    }
}
