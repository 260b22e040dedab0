/** Placeholder. */
@NullMarked
package dev.outboxrelay.local;

import org.jspecify.annotations.NullMarked;
