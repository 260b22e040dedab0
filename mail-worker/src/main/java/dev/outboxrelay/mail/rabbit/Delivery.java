package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.outboxrelay.mail.Incoming;

/** A message together with the way to acknowledge it. */
@SuppressWarnings("ArrayRecordComponent") // see Incoming
record Delivery(Partition partition, Envelope envelope, BasicProperties properties, byte[] body) {
    Incoming incoming() {
        String destination = envelope.getExchange() + ":" + envelope.getRoutingKey() + ":" + partition.queue();
        return Headers.incoming(destination, properties, body);
    }

    void ack() {
        partition.ack(envelope.getDeliveryTag());
    }
}
