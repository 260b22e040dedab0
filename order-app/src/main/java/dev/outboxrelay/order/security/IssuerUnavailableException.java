package dev.outboxrelay.order.security;

import org.springframework.security.core.AuthenticationException;

/** Neither the token's fault nor ours: nobody can tell at the moment who signed it. */
final class IssuerUnavailableException extends AuthenticationException {
    private static final long serialVersionUID = 1;

    IssuerUnavailableException(String message) {
        super(message);
    }

    IssuerUnavailableException(Throwable cause) {
        super("The issuer of tokens cannot be reached", cause);
    }
}
