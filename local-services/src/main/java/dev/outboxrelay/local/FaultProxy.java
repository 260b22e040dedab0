package dev.outboxrelay.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on 127.0.0.1 that can stand in front of a server and behave like a bad network. Faults concern all
 * connections, those of the past and those to come, and add up until {@link #heal()}. The server may be restarted behind it.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;

    private final InetSocketAddress server;
    private final int port = Ports.free();
    private final Lane toServer = new Lane();
    private final Lane toClient = new Lane();
    private final Set<Relayed> connections = ConcurrentHashMap.newKeySet();
    private @Nullable Acceptor acceptor;

    private FaultProxy(InetSocketAddress server) {
        this.server = server;
    }

    /** A proxy that listens already, in front of that server. */
    public static FaultProxy to(String host, int port) {
        FaultProxy proxy = new FaultProxy(new InetSocketAddress(host, port));
        proxy.listen();
        return proxy;
    }

    /** The port on 127.0.0.1 for clients; it stays the same through all faults. */
    public int port() {
        return port;
    }

    /** Resets all connections and refuses new ones. */
    public synchronized void cut() {
        if (acceptor != null) {
            acceptor.end();
            acceptor = null;
        }
        connections.forEach(Relayed::reset);
    }

    /** Lets nothing more pass in that direction; connections stay open, and new ones can be made. */
    public void freeze(Direction direction) {
        if (direction.includes(Direction.TO_SERVER)) {
            toServer.freeze();
        }
        if (direction.includes(Direction.TO_CLIENT)) {
            toClient.freeze();
        }
    }

    /**
     * Lets so many more bytes pass in that direction, over all connections; the one whose next byte is one too many is then closed
     * in good order, as the system closes those of a process that dies. The others, and new ones, go on.
     */
    public void endAfter(long bytes, Direction direction) {
        if (direction.includes(Direction.TO_SERVER)) {
            toServer.limit(bytes);
        }
        if (direction.includes(Direction.TO_CLIENT)) {
            toClient.limit(bytes);
        }
    }

    /** Adds that much latency in that direction, instead of what was added before. */
    public void delay(Duration latency, Direction direction) {
        if (direction.includes(Direction.TO_SERVER)) {
            toServer.delay(latency);
        }
        if (direction.includes(Direction.TO_CLIENT)) {
            toClient.delay(latency);
        }
    }

    /** Ends all faults: what was held back passes, and connections are accepted again. */
    public synchronized void heal() {
        toServer.heal();
        toClient.heal();
        listen();
    }

    /** How many connections are open through the proxy. */
    public int connections() {
        return connections.size();
    }

    /** Ends the proxy and resets its connections. */
    @Override
    public void close() {
        cut();
        toServer.heal();
        toClient.heal();
    }

    private synchronized void listen() {
        if (acceptor != null) {
            return;
        }
        try {
            acceptor = Acceptor.on(port, this::connect);
        } catch (IOException e) {
            throw new LocalServiceException("The fault proxy cannot listen on port " + port, e);
        }
    }

    private void connect(Acceptor from, Socket client) throws IOException {
        Socket upstream = new Socket();
        try {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(server, CONNECT_MILLIS);
        } catch (IOException serverRefused) {
            client.setSoLinger(true, 0);
            client.close();
            return;
        }
        Relayed connection = new Relayed(client, upstream, connections::remove);
        connections.add(connection);
        if (from.hasEnded()) {
            // Accepted before a cut that may not have seen it.
            connection.reset();
        } else {
            connection.start(toServer, toClient);
        }
    }
}
