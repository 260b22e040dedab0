/** Placeholder. */
@NullMarked
package dev.outboxrelay.mail;

import org.jspecify.annotations.NullMarked;
