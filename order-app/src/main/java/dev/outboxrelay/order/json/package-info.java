/** Reads JSON from strangers: strictly, within limits, and with every problem reported at once. */
@NullMarked
package dev.outboxrelay.order.json;

import org.jspecify.annotations.NullMarked;
