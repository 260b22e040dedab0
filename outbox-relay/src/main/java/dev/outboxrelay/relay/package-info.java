/**
 * The relay: binlog to RabbitMQ, the offset never past what the broker has confirmed. {@link
 * dev.outboxrelay.relay.Relay} is the main path, {@link dev.outboxrelay.relay.Supervisor} what keeps it going.
 */
@NullMarked
package dev.outboxrelay.relay;

import org.jspecify.annotations.NullMarked;
