/** From an order event to the words of a mail: schema check, templates, languages, money. */
@NullMarked
package dev.outboxrelay.mail.letter;

import org.jspecify.annotations.NullMarked;
