package dev.outboxrelay.order;

import dev.outboxrelay.order.Outcome.Refused;

/** A command that was refused, on its way to becoming a problem. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Refused refused;

    RefusedException(Refused refused) {
        super(refused.detail(), null, false, false);
        this.refused = refused;
    }

    Refused refused() {
        return refused;
    }
}
