/** The only package that knows AMQP: channels, delivery tags, confirms and returns. */
@NullMarked
package dev.outboxrelay.relay.rabbit;

import org.jspecify.annotations.NullMarked;
