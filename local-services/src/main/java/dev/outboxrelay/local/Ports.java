package dev.outboxrelay.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports on loopback. */
public final class Ports {

    /** Below the range from which Linux and macOS take the ports of outgoing connections, so none of them takes ours. */
    private static final int LOWEST = 15_000;

    private static final int HIGHEST = 32_000;
    private static final int TRIES = 1_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /**
     * A port on 127.0.0.1 that nobody listens on, never given twice in one JVM, and to no other JVM of this user while this one
     * lives. A process that does not ask here may still take it; ports are chosen at random to make that unlikely.
     */
    public static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (GIVEN.add(port) && reserve(port) && isFree(port)) {
                return port;
            }
        }
        throw new LocalServiceException("No free port found on 127.0.0.1 between " + LOWEST + " and " + HIGHEST);
    }

    /** Whether no other JVM has the port; if so, none gets it until this one has ended. A JVM may ask only once for each. */
    static boolean reserve(int port) {
        try {
            return Reservations.FILE.tryLock(port, 1, false) != null;
        } catch (IOException e) {
            throw new LocalServiceException("Cannot reserve port " + port, e);
        }
    }

    /** A byte for each port, locked by whom it was given to; the locks end with their JVM, however that ends. */
    private static final class Reservations {
        private static final FileChannel FILE = open();

        private static FileChannel open() {
            Path path = UserDirectories.cache().resolve("ports.lock");
            try {
                Files.createDirectories(path.getParent());
                return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new LocalServiceException("Cannot make %s: %s".formatted(path, Disk.explain(e)), e);
            }
        }
    }

    /**
     * Checks that the port can be listened on.
     *
     * @throws LocalServiceException if somebody else does
     */
    static void requireFree(int port, String who) {
        if (!isFree(port)) {
            throw new LocalServiceException(
                    "%s wants port %d, but another process listens on it. End that one, or choose another port."
                            .formatted(who, port));
        }
    }

    /** Whether a server could listen on the port now. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Whether somebody accepts connections on the port now. */
    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
