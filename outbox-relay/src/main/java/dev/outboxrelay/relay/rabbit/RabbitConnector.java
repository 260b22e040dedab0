package dev.outboxrelay.relay.rabbit;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.SocketConfigurators;
import dev.outboxrelay.relay.BrokerSettings;
import dev.outboxrelay.relay.RootCause;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Connects as a relay does.
 *
 * @param tls used for {@code amqps} addresses; host names are always verified
 * @param name of the connection, as the broker lists it
 * @param answerWithin how long the broker may take to answer on a channel
 */
record RabbitConnector(BrokerSettings settings, Supplier<SSLContext> tls, String name, Duration answerWithin) {

    OpenConnection connect(BrokerSettings.Address address) throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        AtomicReference<Socket> socket = new AtomicReference<>();
        factory.setHost(address.host());
        factory.setPort(address.port());
        factory.setVirtualHost(address.virtualHost());
        factory.setUsername(address.user());
        factory.setPassword(address.password());
        factory.setConnectionTimeout((int) settings.connectionTimeout().toMillis());
        factory.setHandshakeTimeout((int) settings.connectionTimeout().toMillis() * 2);
        factory.setRequestedHeartbeat((int) settings.requestedHeartbeat().toSeconds());
        factory.setChannelRpcTimeout((int) answerWithin.toMillis());
        // A lost connection ends the run; a new run has a new one, and knows that it starts anew.
        factory.setAutomaticRecoveryEnabled(false);
        factory.setSocketConfigurator(SocketConfigurators.defaultConfigurator().andThen(socket::set));
        if (address.tls()) {
            factory.useSslProtocol(tls.get());
            factory.enableHostnameVerification();
        }
        try {
            return new OpenConnection(factory.newConnection(name), Objects.requireNonNull(socket.get()));
        } catch (AuthenticationFailureException e) {
            throw new IOException("RabbitMQ at %s refused user %s".formatted(address, address.user()), e);
        } catch (IOException e) {
            throw new IOException("RabbitMQ at " + address + ": " + RootCause.of(e), e);
        } catch (TimeoutException e) {
            throw new IOException("RabbitMQ at " + address + " did not answer in time", e);
        }
    }
}
