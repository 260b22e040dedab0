/** The commands for operators: what is parked, what is unknown, and what to do with it. */
@NullMarked
package dev.outboxrelay.mail.cli;

import org.jspecify.annotations.NullMarked;
