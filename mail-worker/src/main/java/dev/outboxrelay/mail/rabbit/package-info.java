/** Where messages come from and go back to. The only package that knows RabbitMQ's client and touches delivery tags. */
@NullMarked
package dev.outboxrelay.mail.rabbit;

import org.jspecify.annotations.NullMarked;
