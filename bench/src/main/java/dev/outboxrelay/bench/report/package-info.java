/** Figures of several rounds, and how they are shown. */
@NullMarked
package dev.outboxrelay.bench.report;

import org.jspecify.annotations.NullMarked;
