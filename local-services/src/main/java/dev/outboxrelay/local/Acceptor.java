package dev.outboxrelay.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Accepts connections on a port of loopback, each given to its own thread, until ended. */
final class Acceptor {

    private static final int BACKLOG = 500;
    private static final int END_WITHIN_MILLIS = 5_000;

    private final ServerSocket socket;
    private final Visitor visitor;
    private final Thread thread = new Thread(this::accept, "fault-proxy-acceptor");

    private Acceptor(ServerSocket socket, Visitor visitor) {
        this.socket = socket;
        this.visitor = visitor;
    }

    /** What to do with a connection. */
    interface Visitor {
        void visit(Acceptor acceptor, Socket client) throws IOException;
    }

    static Acceptor on(int port, Visitor visitor) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        Acceptor acceptor = new Acceptor(socket, visitor);
        acceptor.thread.setDaemon(true);
        acceptor.thread.start();
        return acceptor;
    }

    boolean hasEnded() {
        return socket.isClosed();
    }

    /** Connections are refused when this returns. The system listens until the thread has left its call, so that is awaited. */
    void end() {
        try {
            socket.close();
            thread.join(END_WITHIN_MILLIS);
        } catch (IOException e) {
            throw new LocalServiceException("Cannot stop listening on port " + socket.getLocalPort(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServiceException("Interrupted while ending " + thread.getName(), e);
        }
    }

    private void accept() {
        while (true) {
            Socket client;
            try {
                client = socket.accept();
            } catch (IOException ended) {
                return;
            }
            Thread visit = new Thread(() -> visit(client), "fault-proxy-connector");
            visit.setDaemon(true);
            visit.start();
        }
    }

    private void visit(Socket client) {
        try {
            visitor.visit(this, client);
        } catch (IOException clientHasGone) {
            return;
        }
    }
}
