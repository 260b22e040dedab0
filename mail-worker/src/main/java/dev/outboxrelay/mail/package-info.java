/**
 * The mail worker: one mail per order event. {@link dev.outboxrelay.mail.MailHandler} is the main path; the interfaces
 * and sealed sets around it are all that it knows of the database, the mail server and the broker.
 */
@NullMarked
package dev.outboxrelay.mail;

import org.jspecify.annotations.NullMarked;
