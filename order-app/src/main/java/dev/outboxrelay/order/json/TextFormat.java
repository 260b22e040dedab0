package dev.outboxrelay.order.json;

import org.jspecify.annotations.Nullable;

/** What a text must look like. */
@FunctionalInterface
public interface TextFormat {
    /** What is wrong with it, as the end of a sentence that begins with the field's name; null where nothing is. */
    @Nullable String problem(String text);
}
