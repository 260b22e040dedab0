package dev.outboxrelay.order.json;

import java.util.List;

/** The body is JSON, but not what was asked for; lists all that is wrong with it. */
public final class InvalidBodyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<Violation> violations;

    InvalidBodyException(List<Violation> violations) {
        super(violations.size() + " violations", null, false, false);
        this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
        return violations;
    }
}
