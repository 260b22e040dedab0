package dev.outboxrelay.order.security;

import java.util.Set;

/**
 * A token that is known by its hash only.
 *
 * @param subject whom it stands for
 * @param sha256 in hexadecimal digits
 */
public record StaticToken(String subject, String sha256, Set<String> scopes) {
    @Override
    public String toString() {
        return "StaticToken[subject=" + subject + ", sha256=****, scopes=" + scopes + "]";
    }
}
