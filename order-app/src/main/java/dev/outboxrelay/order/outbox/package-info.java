/** The part that another application can lift: one class that appends to the outbox, and the event it takes. */
@NullMarked
package dev.outboxrelay.order.outbox;

import org.jspecify.annotations.NullMarked;
