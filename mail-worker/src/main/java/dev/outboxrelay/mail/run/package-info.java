/** Puts the parts together and runs them as a Spring application. */
@NullMarked
package dev.outboxrelay.mail.run;

import org.jspecify.annotations.NullMarked;
