package dev.outboxrelay.relay.rabbit;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.SocketConfigurators;
import dev.outboxrelay.relay.BrokerSettings;
import dev.outboxrelay.relay.Publisher;
import dev.outboxrelay.relay.RootCause;
import java.io.IOException;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to the first broker address that answers. */
public final class RabbitOpener implements Publisher.Opener {

    private static final Logger log = LoggerFactory.getLogger(RabbitOpener.class);

    private final BrokerSettings settings;
    private final SSLContext tls;
    private final String exchange;
    private final MessageProperties properties;
    private final String connectionName;

    /**
     * @param tls used for {@code amqps} addresses; host names are always verified
     * @param exchange declared as a durable topic exchange, unless it is empty
     */
    public RabbitOpener(BrokerSettings settings, SSLContext tls, String exchange, String contentType, String relay) {
        this.settings = settings;
        this.tls = tls;
        this.exchange = exchange;
        properties = new MessageProperties(contentType, relay);
        connectionName = "outbox-relay " + relay;
    }

    @Override
    public Publisher open(Publisher.Confirms confirms) throws IOException {
        IOException last = null;
        for (BrokerSettings.Address address : settings.all()) {
            try {
                return open(address, confirms);
            } catch (IOException e) {
                log.debug("{} does not answer", address, e);
                last = last == null ? e : suppressing(e, last);
            }
        }
        throw last == null ? new IOException("No broker address is configured") : last;
    }

    private Publisher open(BrokerSettings.Address address, Publisher.Confirms confirms) throws IOException {
        OpenConnection connection = connect(address);
        try {
            return new RabbitPublisher(connection, exchange, properties, confirms);
        } catch (IOException e) {
            connection.close();
            throw new IOException("RabbitMQ at " + address + ": " + RootCause.of(e), e);
        }
    }

    private OpenConnection connect(BrokerSettings.Address address) throws IOException {
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
        // A lost connection ends the run; a new run has a new one, and knows that it starts anew.
        factory.setAutomaticRecoveryEnabled(false);
        factory.setSocketConfigurator(SocketConfigurators.defaultConfigurator().andThen(socket::set));
        if (address.tls()) {
            factory.useSslProtocol(tls);
            factory.enableHostnameVerification();
        }
        try {
            return new OpenConnection(factory.newConnection(connectionName), Objects.requireNonNull(socket.get()));
        } catch (AuthenticationFailureException e) {
            throw new IOException("RabbitMQ at %s refused user %s".formatted(address, address.user()), e);
        } catch (IOException e) {
            throw new IOException("RabbitMQ at " + address + ": " + RootCause.of(e), e);
        } catch (TimeoutException e) {
            throw new IOException("RabbitMQ at " + address + " did not answer in time", e);
        }
    }

    private static IOException suppressing(IOException e, IOException earlier) {
        e.addSuppressed(earlier);
        return e;
    }
}
