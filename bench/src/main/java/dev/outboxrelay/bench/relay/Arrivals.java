package dev.outboxrelay.bench.relay;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Notes when messages come from a queue, in the trace that is open at the time. */
final class Arrivals extends DefaultConsumer {

    private volatile Trace trace = new Trace(0, 0);

    private Arrivals(Channel channel) {
        super(channel);
    }

    static Arrivals from(Broker broker, String queue) {
        Channel channel = broker.newChannel();
        Arrivals arrivals = new Arrivals(channel);
        try {
            channel.basicConsume(queue, true, arrivals);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot consume from " + queue, e);
        }
        return arrivals;
    }

    /** From now on, arrivals are noted there. */
    void record(Trace wanted) {
        trace = wanted;
    }

    @Override
    public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        long now = System.nanoTime();
        trace.arrived(OutboxRow.number(body), now);
    }
}
