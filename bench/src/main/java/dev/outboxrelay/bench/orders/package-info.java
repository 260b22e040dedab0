/** The order API beside the bare JDBC of the same rows. */
@NullMarked
package dev.outboxrelay.bench.orders;

import org.jspecify.annotations.NullMarked;
