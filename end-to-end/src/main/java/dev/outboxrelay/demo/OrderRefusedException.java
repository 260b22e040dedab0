package dev.outboxrelay.demo;

import org.jspecify.annotations.Nullable;

/** An order was not answered with 201. */
public final class OrderRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OrderRefusedException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
