package dev.outboxrelay.mail.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Tells whoever opens a connection its sockets, so that they can be closed under a transport that is waiting for a reply:
 * read timeouts begin anew with every byte, and a transport's own close waits for its send.
 */
final class SeveringSocketFactory extends SocketFactory {
    private final ThreadLocal<Sockets> opening = ThreadLocal.withInitial(Sockets::new);

    /** Takes the sockets that this thread makes from now on. */
    Sockets opening() {
        Sockets sockets = new Sockets();
        opening.set(sockets);
        return sockets;
    }

    Socket remember(Socket socket) {
        opening.get().add(socket);
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
