package dev.outboxrelay.mail;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key and its certificate for {@code localhost}, signed by itself, in one file; and TLS with it in front of a server. */
public final class TestKeys implements AutoCloseable {
    public static final String PASSWORD = "changeit";

    private final Path file;
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    private TestKeys(Path file) {
        this.file = file;
    }

    public static TestKeys make(Path file) throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String options = "-genkeypair -alias broker -keyalg EC -groupname secp256r1 -validity 1 -dname CN=localhost"
                + " -ext san=dns:localhost -ext bc=ca:true -storetype PKCS12 -storepass " + PASSWORD;
        Process process = new ProcessBuilder((keytool + " " + options + " -keystore " + file).split(" "))
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool made no key");
        }
        return new TestKeys(file);
    }

    public Path file() {
        return file;
    }

    /** Speaks TLS on the port that this returns, and passes on what it hears to the other one of this machine. */
    public int inFrontOf(int port) throws Exception {
        ServerSocket server =
                context().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(server);
        start(() -> accept(server, port));
        return server.getLocalPort();
    }

    /** Has the key, and trusts its certificate and no other. */
    public SSLContext context() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private void accept(ServerSocket server, int port) {
        try {
            while (true) {
                Socket client = server.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), port);
                open.addAll(List.of(client, behind));
                start(() -> pass(client, behind));
                start(() -> pass(behind, client));
            }
        } catch (IOException closed) {
            close();
        }
    }

    /** Until one of them is closed, which closes the other: a handshake that failed among the reasons. */
    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side is gone, as the test wants it; leaving this closes the other.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tls");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        for (AutoCloseable one : open) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
