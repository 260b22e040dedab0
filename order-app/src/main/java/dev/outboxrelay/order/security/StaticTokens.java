package dev.outboxrelay.order.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * Knows tokens by their hashes. A token is looked up by its hash, so the time that takes says nothing about any other token.
 */
final class StaticTokens {
    private final Map<String, Authentication> byHash;

    StaticTokens(List<StaticToken> tokens) {
        this.byHash = tokens.stream()
                .collect(Collectors.toUnmodifiableMap(
                        token -> token.sha256().toLowerCase(Locale.ROOT), StaticTokens::authentication));
    }

    Optional<Authentication> find(String token) {
        return Optional.ofNullable(byHash.get(sha256(token)));
    }

    private static Authentication authentication(StaticToken token) {
        List<String> authorities =
                token.scopes().stream().map(scope -> "SCOPE_" + scope).toList();
        return UsernamePasswordAuthenticationToken.authenticated(
                token.subject(), null, AuthorityUtils.createAuthorityList(authorities));
    }

    private static String sha256(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }
}
