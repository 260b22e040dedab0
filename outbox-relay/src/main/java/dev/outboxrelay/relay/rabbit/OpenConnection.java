package dev.outboxrelay.relay.rabbit;

import com.rabbitmq.client.Connection;
import dev.outboxrelay.relay.Publisher;
import java.io.IOException;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection, and the socket under it, to close it by when the broker reads nothing any more. */
record OpenConnection(Connection amqp, Socket socket) {

    private static final Logger log = LoggerFactory.getLogger(OpenConnection.class);

    /**
     * Says goodbye where that can be said in time, and closes the socket in any case. The goodbye would wait behind a write that
     * hangs; closing the socket ends such a write with an exception.
     */
    void close() {
        Thread goodbye = new Thread(() -> amqp.abort((int) Publisher.CLOSE_TIMEOUT.toMillis()), "amqp-close");
        goodbye.setDaemon(true);
        goodbye.start();
        try {
            goodbye.join(Publisher.CLOSE_TIMEOUT.toMillis());
            socket.setSoLinger(true, 0); // TLS's own goodbye must not wait either
            socket.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.debug("The socket to RabbitMQ was closed already", e);
        }
    }
}
