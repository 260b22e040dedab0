/** Placeholder. */
@NullMarked
package dev.outboxrelay.order;

import org.jspecify.annotations.NullMarked;
