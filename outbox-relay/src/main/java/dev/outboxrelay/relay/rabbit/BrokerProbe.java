package dev.outboxrelay.relay.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import dev.outboxrelay.relay.BrokerSettings;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A look at a broker over a connection like a relay's. It leaves nothing behind there and gives no consumer anything. Each
 * question has a channel of its own, as a refusal closes the channel.
 */
public final class BrokerProbe implements AutoCloseable {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    private static final AMQP.BasicProperties TRANSIENT =
            new AMQP.BasicProperties.Builder().deliveryMode(1).build();

    private final OpenConnection connection;
    private final CompletableFuture<String> alarm = new CompletableFuture<>();

    private BrokerProbe(OpenConnection connection) {
        this.connection = connection;
        connection.amqp().addBlockedListener(alarm::complete, () -> {});
    }

    /**
     * Connects.
     *
     * @throws IOException saying why it could not, without a secret
     */
    public static BrokerProbe connect(BrokerSettings settings, Supplier<SSLContext> tls, BrokerSettings.Address address)
            throws IOException {
        return new BrokerProbe(
                new RabbitConnector(settings, tls, "outbox-relay doctor", ANSWER_WITHIN).connect(address));
    }

    /** Why {@link #connect} failed, as the broker said it; {@link Refusal.Kind#OTHER} where it said nothing. */
    public static Refusal refusal(IOException thrown) {
        return thrown.getCause() instanceof AuthenticationFailureException
                ? new Refusal(Refusal.Kind.FORBIDDEN, "login")
                : Refusal.of(thrown);
    }

    public String product() {
        return property("product");
    }

    public String version() {
        return property("version");
    }

    private String property(String name) {
        Map<String, Object> properties = connection.amqp().getServerProperties();
        return String.valueOf(properties.get(name));
    }

    /** The TLS protocol; null without TLS. */
    public @Nullable String tlsProtocol() {
        SSLSession session = session();
        return session == null ? null : session.getProtocol();
    }

    /** The end of the broker's certificate; null without TLS. */
    public @Nullable Instant certificateEnd() throws SSLPeerUnverifiedException {
        SSLSession session = session();
        return session != null && session.getPeerCertificates()[0] instanceof X509Certificate certificate
                ? certificate.getNotAfter().toInstant()
                : null;
    }

    private @Nullable SSLSession session() {
        return connection.socket() instanceof SSLSocket socket ? socket.getSession() : null;
    }

    /** Null where the broker has that exchange. */
    public @Nullable Refusal exchange(String name) {
        return ask(channel -> channel.exchangeDeclarePassive(name));
    }

    /** Declares the exchange as a relay does; where there is one just like it, nothing changes. */
    public @Nullable Refusal declare(String exchange) {
        return ask(channel -> channel.exchangeDeclare(exchange, "topic", true));
    }

    /**
     * Whether this user may publish there. It publishes in a transaction and rolls it back: the broker judges the right to
     * publish at once, and would route only at the commit that never comes.
     */
    public @Nullable Refusal publishing(String exchange, Collection<String> routingKeys) {
        return ask(channel -> {
            channel.txSelect();
            for (String routingKey : routingKeys) {
                channel.basicPublish(exchange, routingKey, true, TRANSIENT, new byte[0]);
            }
            channel.txRollback();
        });
    }

    /** Publishes to a queue of its own, through the default exchange, and waits for the broker's confirm. */
    public @Nullable Refusal confirm() {
        return ask(channel -> {
            String queue = channel.queueDeclare("", false, true, true, Map.of()).getQueue();
            publishConfirmed(channel, "", queue);
        });
    }

    /** Publishes by a routing key that no queue is bound for, and waits for the broker to return the message and confirm it. */
    public @Nullable Refusal confirmReturned(String exchange, String routingKey) {
        return ask(channel -> {
            AtomicBoolean returned = new AtomicBoolean();
            channel.addReturnListener(message -> returned.set(true)); // comes before the confirm
            publishConfirmed(channel, exchange, routingKey);
            if (!returned.get()) {
                throw new IOException("a queue has taken a message that none is bound for");
            }
        });
    }

    private void publishConfirmed(Channel channel, String exchange, String routingKey) throws IOException {
        channel.confirmSelect();
        CompletableFuture<Boolean> confirmed = new CompletableFuture<>();
        channel.addConfirmListener(
                (sequence, upTo) -> confirmed.complete(true), (sequence, upTo) -> confirmed.complete(false));
        channel.addShutdownListener(confirmed::completeExceptionally);
        channel.basicPublish(exchange, routingKey, true, TRANSIENT, new byte[0]);
        CompletableFuture<Object> either = CompletableFuture.anyOf(confirmed, alarm);
        if (!Boolean.TRUE.equals(within(either))) {
            throw new IOException(alarm.isDone() ? "the broker is blocked" : "the broker said no (basic.nack)");
        }
    }

    /** The alarm that the broker has raised; it tells only those who publish. */
    public @Nullable String alarm() {
        return alarm.getNow(null);
    }

    /** Asks on a channel. */
    @FunctionalInterface
    private interface Question {
        void ask(Channel channel) throws IOException;
    }

    private @Nullable Refusal ask(Question question) {
        try {
            Channel channel = connection.amqp().createChannel();
            if (channel == null) {
                return new Refusal(Refusal.Kind.OTHER, "no further channel is allowed on this connection");
            }
            question.ask(channel);
            channel.abort();
            return null;
        } catch (IOException | AlreadyClosedException e) {
            return Refusal.of(e);
        }
    }

    private static Object within(CompletableFuture<Object> answer) throws IOException {
        try {
            return answer.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no confirm within " + ANSWER_WITHIN.toSeconds() + "s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
