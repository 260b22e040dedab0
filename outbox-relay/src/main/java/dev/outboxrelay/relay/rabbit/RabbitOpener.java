package dev.outboxrelay.relay.rabbit;

import com.rabbitmq.client.ConnectionFactory;
import dev.outboxrelay.relay.BrokerSettings;
import dev.outboxrelay.relay.Publisher;
import dev.outboxrelay.relay.RelayConfig;
import dev.outboxrelay.relay.RootCause;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to the first broker address that answers. */
public final class RabbitOpener implements Publisher.Opener {

    private static final Logger log = LoggerFactory.getLogger(RabbitOpener.class);

    /** The client's own; a broker that is silent is noticed by its heartbeats long before. */
    private static final Duration RPC_TIMEOUT = Duration.ofMillis(ConnectionFactory.DEFAULT_CHANNEL_RPC_TIMEOUT);

    private final BrokerSettings settings;
    private final String exchange;
    private final MessageProperties properties;
    private final RabbitConnector connector;

    /** @param tls used for {@code amqps} addresses; host names are always verified */
    public RabbitOpener(BrokerSettings settings, Supplier<SSLContext> tls, RelayConfig config) {
        this.settings = settings;
        exchange = config.exchangeToDeclare();
        properties = new MessageProperties(
                config.contentType(), config.name(), config.cloudEvents().source());
        connector = new RabbitConnector(settings, tls, "outbox-relay " + config.name(), RPC_TIMEOUT);
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
        OpenConnection connection = connector.connect(address);
        try {
            return new RabbitPublisher(connection, exchange, properties, confirms);
        } catch (IOException e) {
            connection.close();
            throw new IOException("RabbitMQ at " + address + ": " + RootCause.of(e), e);
        }
    }

    private static IOException suppressing(IOException e, IOException earlier) {
        e.addSuppressed(earlier);
        return e;
    }
}
