package dev.outboxrelay.mail.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers its sockets, so that they can be closed under a transport that is waiting for a reply: read timeouts begin
 * anew with every byte, and a transport's own close waits for its send.
 */
final class SeveringSocketFactory extends SocketFactory {
    private static final Logger log = LoggerFactory.getLogger(SeveringSocketFactory.class);

    private final List<GatheringSocket> sockets = new CopyOnWriteArrayList<>();

    /** Closes the connection at once; whoever reads or writes on it gets an exception. */
    void sever() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                log.debug("A socket was gone already: {}", e.getMessage());
            }
        }
    }

    /** From now on what is flushed stays here, until {@link #letGo}. */
    void gather() {
        sockets.forEach(GatheringSocket::gather);
    }

    /** Sends what was gathered, at once and as one. */
    void letGo() throws IOException {
        for (GatheringSocket socket : sockets) {
            socket.letGo();
        }
    }

    private Socket remember(GatheringSocket socket) {
        sockets.add(socket);
        return socket;
    }

    @Override
    public Socket createSocket() {
        return remember(new GatheringSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return remember(new GatheringSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return remember(new GatheringSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return remember(new GatheringSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return remember(new GatheringSocket(host, port, local, localPort));
    }
}
