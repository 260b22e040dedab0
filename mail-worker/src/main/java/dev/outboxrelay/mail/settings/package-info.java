/** What can be set, read once from Spring's environment into immutable records with all problems listed. */
@NullMarked
package dev.outboxrelay.mail.settings;

import org.jspecify.annotations.NullMarked;
