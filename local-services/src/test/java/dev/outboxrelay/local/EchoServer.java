package dev.outboxrelay.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Sends back what it gets. */
final class EchoServer implements AutoCloseable {

    private final ServerSocket socket;
    private final AtomicLong received = new AtomicLong();
    private final Thread acceptor = new Thread(this::accept, "echo-acceptor");

    private EchoServer(ServerSocket socket) {
        this.socket = socket;
    }

    static EchoServer start() throws IOException {
        EchoServer server = new EchoServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        server.acceptor.setDaemon(true);
        server.acceptor.start();
        return server;
    }

    int port() {
        return socket.getLocalPort();
    }

    long received() {
        return received.get();
    }

    /** Until the thread has left its call, the system still accepts; so that is awaited. */
    @Override
    public void close() throws IOException {
        socket.close();
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the echo ended", e);
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread echo = new Thread(() -> echo(client), "echo");
                echo.setDaemon(true);
                echo.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void echo(Socket client) {
        byte[] bytes = new byte[8192];
        try (client) {
            int length;
            while ((length = client.getInputStream().read(bytes)) >= 0) {
                received.addAndGet(length);
                client.getOutputStream().write(bytes, 0, length);
            }
        } catch (IOException hungUp) {
            return;
        }
    }
}
