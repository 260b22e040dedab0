package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.outboxrelay.mail.Incoming;

/** A message together with the way to acknowledge it. */
@SuppressWarnings("ArrayRecordComponent") // see Incoming
record Delivery(Partition partition, Envelope envelope, BasicProperties properties, byte[] body) {
    Incoming incoming() {
        String queue = partition.queue();
        String destination = envelope.getExchange() + ":" + envelope.getRoutingKey() + ":" + queue;
        return Headers.incoming(destination, queue, properties, body);
    }

    void ack() {
        partition.ack(envelope.getDeliveryTag());
    }
}
