@NullMarked
package dev.outboxrelay.chaos;

import org.jspecify.annotations.NullMarked;
