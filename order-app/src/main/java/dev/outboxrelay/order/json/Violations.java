package dev.outboxrelay.order.json;

import java.util.ArrayList;
import java.util.List;

/** Collects, but no more than anybody would read: the answer to a small body must be small. */
final class Violations {
    private static final int MOST = 100;

    private final List<Violation> found = new ArrayList<>();

    void add(String pointer, String detail) {
        if (found.size() < MOST) {
            found.add(new Violation(pointer, detail));
        }
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidBodyException(found);
        }
    }
}
