@NullMarked
package dev.outboxrelay.bench;

import org.jspecify.annotations.NullMarked;
