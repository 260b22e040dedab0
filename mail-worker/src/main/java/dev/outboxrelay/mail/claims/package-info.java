/** The table {@code processed_messages}: who sends which mail, and what came of it. The only package that speaks SQL. */
@NullMarked
package dev.outboxrelay.mail.claims;

import org.jspecify.annotations.NullMarked;
