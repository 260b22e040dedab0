/** Placeholder. */
@NullMarked
package dev.outboxrelay.flyway;

import org.jspecify.annotations.NullMarked;
