package dev.outboxrelay.relay;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What has arrived in a queue, to be taken out in its order. */
record Arrivals(Connection connection, Channel channel, String queue) {

    private static final int MANY = 50;

    /** Waits until so many have come; leaves what comes behind them. */
    List<GetResponse> take(int count) throws Exception {
        return count > MANY ? many(count) : few(count);
    }

    private List<GetResponse> few(int count) throws Exception {
        List<GetResponse> taken = new ArrayList<>();
        long deadline = System.nanoTime() + Stage.PATIENCE.toNanos();
        while (taken.size() < count) {
            GetResponse message = channel.basicGet(queue, true);
            if (message != null) {
                taken.add(message);
            } else if (System.nanoTime() > deadline) {
                throw new AssertionError("Only " + taken.size() + " of " + count + " messages arrived");
            } else {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        return taken;
    }

    /** Without a question to the broker for each; none more than those is ever delivered. */
    private List<GetResponse> many(int count) throws Exception {
        BlockingQueue<Delivery> arrived = new LinkedBlockingQueue<>();
        List<GetResponse> taken = new ArrayList<>();
        long deadline = System.nanoTime() + Stage.PATIENCE.toNanos();
        try (Channel own = connection.createChannel()) {
            own.basicQos(count);
            String consumer = own.basicConsume(queue, false, (tag, message) -> arrived.add(message), tag -> {});
            while (taken.size() < count) {
                Delivery message = arrived.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (message == null) {
                    throw new AssertionError("Only " + taken.size() + " of " + count + " messages arrived");
                }
                taken.add(new GetResponse(message.getEnvelope(), message.getProperties(), message.getBody(), 0));
            }
            own.basicCancel(consumer);
            own.basicAck(taken.get(count - 1).getEnvelope().getDeliveryTag(), true);
        }
        return taken;
    }
}
