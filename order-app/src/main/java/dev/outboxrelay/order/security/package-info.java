/** Who calls, and what they may do. */
@NullMarked
package dev.outboxrelay.order.security;

import org.jspecify.annotations.NullMarked;
