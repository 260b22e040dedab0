/** How fast, how late and at what cost committed rows reach the broker. */
@NullMarked
package dev.outboxrelay.bench.relay;

import org.jspecify.annotations.NullMarked;
