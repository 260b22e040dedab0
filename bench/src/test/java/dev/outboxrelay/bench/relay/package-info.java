@NullMarked
package dev.outboxrelay.bench.relay;

import org.jspecify.annotations.NullMarked;
