package dev.outboxrelay.relay;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Stands before a MySQL and lets JDBC through; whoever wants the binlog is shown a certificate of its own. */
final class BinlogImpostor implements AutoCloseable {

    /** Connector/J sends attributes of its connection, a reader of the binlog does not. */
    private static final int CLIENT_CONNECT_ATTRS = 1 << 20;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int mysqlPort;
    private final SSLContext tls = SSLContext.getInstance("TLS");
    private volatile boolean honest;
    private volatile boolean believed;

    BinlogImpostor(int mysqlPort, Path keyStore) throws Exception {
        this.mysqlPort = mysqlPort;
        char[] password = TestAuthority.STORE_PASSWORD.toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        tls.init(keys.getKeyManagers(), null, null);
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Lets everybody through from now on. */
    void repent() {
        honest = true;
    }

    /** Whether somebody has taken it for the server. */
    boolean isBelieved() {
        return believed;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            start(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), mysqlPort);
        client.getOutputStream().write(packet(server));
        byte[] wish = packet(client);
        int capabilities =
                ByteBuffer.wrap(wish, 4, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (honest || (capabilities & CLIENT_CONNECT_ATTRS) != 0) {
            server.getOutputStream().write(wish);
            start(() -> pipe(server, client));
            pipe(client, server);
        } else {
            SSLSocket shown = (SSLSocket) tls.getSocketFactory().createSocket(client, "localhost", port(), true);
            shown.setUseClientMode(false);
            shown.startHandshake();
            // In TLS 1.3 a server hears of a refusal only now.
            believed = shown.getInputStream().read() >= 0;
        }
    }

    private static byte[] packet(Socket from) throws IOException {
        DataInputStream in = new DataInputStream(from.getInputStream());
        byte[] head = in.readNBytes(4);
        int length = (head[0] & 0xFF) | (head[1] & 0xFF) << 8 | (head[2] & 0xFF) << 16;
        return ByteBuffer.allocate(4 + length)
                .put(head)
                .put(in.readNBytes(length))
                .array();
    }

    private static void pipe(Socket from, Socket to) throws IOException {
        try (from;
                to;
                OutputStream out = to.getOutputStream()) {
            from.getInputStream().transferTo(out);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void start(Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        step.run();
                    } catch (IOException e) {
                        return; // a connection has ended, or been refused
                    }
                },
                "binlog-impostor");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
