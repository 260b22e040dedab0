package dev.outboxrelay.order.security;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

/** Tells who brings a token: one whose hash we know, or a JWT that our issuer has signed. */
public final class BearerTokens implements AuthenticationManager {
    /** As much as the column that it is written to. */
    private static final int MAX_SUBJECT = 255;

    /** What cannot be one is not worth a question to the issuer. */
    private static final Pattern JWT = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]*");

    /**
     * So many at a time, until the issuer has told where its keys are: whoever comes before waits for that. The other threads are
     * for those who need no issuer.
     */
    private static final int PLACES = 16;

    private static final long WAIT_MILLIS = 500;

    private final Semaphore places = new Semaphore(PLACES);
    private final StaticTokens known;
    private final Optional<JwtAuthenticationProvider> jwts;
    private volatile boolean located;

    public BearerTokens(List<StaticToken> known, Optional<JwtAuthenticationProvider> jwts) {
        this.known = new StaticTokens(known);
        this.jwts = jwts;
    }

    /**
     * @throws InvalidBearerTokenException for a token that is nobody's, has expired, or names no usable subject
     * @throws IssuerUnavailableException where the issuer's keys can't be had at the moment, or too many wait for them
     */
    @Override
    public Authentication authenticate(Authentication authentication) {
        BearerTokenAuthenticationToken bearer = (BearerTokenAuthenticationToken) authentication;
        return known.find(bearer.getToken()).orElseGet(() -> signed(bearer));
    }

    private Authentication signed(BearerTokenAuthenticationToken bearer) {
        JwtAuthenticationProvider provider =
                jwts.filter(any -> JWT.matcher(bearer.getToken()).matches()).orElseThrow(BearerTokens::invalid);
        return Optional.of(located ? check(provider, bearer) : checkInTurn(provider, bearer))
                .filter(who -> isUsable(who.getName()))
                .orElseThrow(BearerTokens::invalid);
    }

    private Authentication checkInTurn(JwtAuthenticationProvider provider, BearerTokenAuthenticationToken bearer) {
        enter();
        try {
            return check(provider, bearer);
        } finally {
            places.release();
        }
    }

    private Authentication check(JwtAuthenticationProvider provider, BearerTokenAuthenticationToken bearer) {
        try {
            Authentication who = provider.authenticate(bearer);
            located = true;
            return who;
        } catch (JwtDecoderInitializationException e) {
            throw new IssuerUnavailableException(e);
        } catch (AuthenticationException e) {
            located = true;
            throw e instanceof AuthenticationServiceException ? new IssuerUnavailableException(e) : e;
        }
    }

    private void enter() {
        try {
            if (places.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IssuerUnavailableException("Too many tokens wait for the issuer");
    }

    private static InvalidBearerTokenException invalid() {
        return new InvalidBearerTokenException("The token is unknown, or has no usable subject");
    }

    private static boolean isUsable(String subject) {
        return !subject.isBlank()
                && subject.length() <= MAX_SUBJECT
                && subject.codePoints().noneMatch(Character::isISOControl);
    }
}
