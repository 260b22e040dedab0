/** A long campaign of random faults on the whole pipeline, and the proof that it kept its promise all the same. */
@NullMarked
package dev.outboxrelay.chaos;

import org.jspecify.annotations.NullMarked;
