package dev.outboxrelay.order;

import java.util.List;

/** The app can't start like that; names everything that is wrong with its configuration, and no secret. */
final class MisconfiguredException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MisconfiguredException(List<String> problems) {
        super(String.join("; ", problems) + ".");
    }
}
