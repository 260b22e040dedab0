/** Load at a fixed concurrency, from a process of its own: order clients, and the bare loops that are ceilings. */
@NullMarked
package dev.outboxrelay.bench.load;

import org.jspecify.annotations.NullMarked;
