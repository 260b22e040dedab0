package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.outboxrelay.mail.Incoming;

/** A message together with the way to acknowledge it. */
@SuppressWarnings("ArrayRecordComponent") // see Incoming
record Delivery(Partition partition, long tag, BasicProperties properties, byte[] body) {
    Incoming incoming() {
        return Headers.incoming(properties, body);
    }

    void ack() {
        partition.ack(tag);
    }
}
