package dev.outboxrelay.order.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/**
 * Lets in who brings a token with a known hash. The token is looked up by its hash, so the time that takes says nothing about
 * any other token.
 */
final class StaticTokens implements AuthenticationProvider {
    private final Map<String, StaticToken> byHash;

    StaticTokens(List<StaticToken> tokens) {
        this.byHash = tokens.stream()
                .collect(Collectors.toUnmodifiableMap(
                        token -> token.sha256().toLowerCase(Locale.ROOT), Function.identity()));
    }

    /** Null for a token that is not ours: it may be somebody else's to judge. */
    @Override
    public @Nullable Authentication authenticate(Authentication authentication) {
        StaticToken token = byHash.get(sha256(((BearerTokenAuthenticationToken) authentication).getToken()));
        return token == null
                ? null
                : UsernamePasswordAuthenticationToken.authenticated(
                        token.subject(), null, AuthorityUtils.createAuthorityList(authorities(token)));
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return BearerTokenAuthenticationToken.class.isAssignableFrom(authentication);
    }

    private static List<String> authorities(StaticToken token) {
        return token.scopes().stream().map(scope -> "SCOPE_" + scope).toList();
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
