package dev.outboxrelay.order;

import org.springframework.dao.PessimisticLockingFailureException;

/** Another transaction has the key or the order that this one wants, and did not end while it waited. */
final class InProgressException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InProgressException(PessimisticLockingFailureException cause) {
        super("The key or the order is locked", cause);
    }
}
