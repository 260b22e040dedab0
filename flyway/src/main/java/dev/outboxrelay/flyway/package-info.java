/** Makes the three schemas, their tables, and the four users that may use them, each with the least it needs. */
@NullMarked
package dev.outboxrelay.flyway;

import org.jspecify.annotations.NullMarked;
