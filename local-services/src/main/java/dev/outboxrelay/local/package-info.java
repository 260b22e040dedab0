/**
 * Real MySQL, RabbitMQ and an SMTP sink on loopback, without containers, together with the means to hurt them: kill,
 * freeze, restart on the same data, and a TCP proxy that loses or delays what passes.
 */
@NullMarked
package dev.outboxrelay.local;

import org.jspecify.annotations.NullMarked;
