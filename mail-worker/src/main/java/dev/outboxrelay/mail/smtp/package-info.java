/** Hands letters to a mail server over kept connections. The only package that knows Jakarta Mail. */
@NullMarked
package dev.outboxrelay.mail.smtp;

import org.jspecify.annotations.NullMarked;
