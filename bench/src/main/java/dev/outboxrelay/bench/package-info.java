/** Measures the three applications beside their peers and ceilings, on real servers on this machine. */
@NullMarked
package dev.outboxrelay.bench;

import org.jspecify.annotations.NullMarked;
