/**
 * The write-only order API. Each command is one local transaction that writes the business rows and one outbox row; nothing
 * here knows of a message broker.
 */
@NullMarked
package dev.outboxrelay.order;

import org.jspecify.annotations.NullMarked;
