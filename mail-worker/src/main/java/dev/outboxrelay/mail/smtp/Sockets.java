package dev.outboxrelay.mail.smtp;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those of one connection to the mail server: one, or those of all addresses that were tried. */
final class Sockets {
    private static final Logger log = LoggerFactory.getLogger(Sockets.class);

    private final CopyOnWriteArrayList<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean severed;

    void add(Socket socket) {
        sockets.addIfAbsent(socket); // STARTTLS is laid over one that is known
        if (severed) {
            close(socket);
        }
    }

    /** Closes the connection at once, and for good; whoever reads or writes on it gets an exception. */
    void sever() {
        severed = true;
        sockets.forEach(Sockets::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("A socket was gone already: {}", e.getMessage());
        }
    }

    /** From now on what is flushed stays here, until {@link #letGo}. */
    void gather() {
        for (Socket socket : sockets) {
            if (socket instanceof GatheringSocket gathering) {
                gathering.gather();
            }
        }
    }

    /** Sends what was gathered, at once and as one. */
    void letGo() throws IOException {
        for (Socket socket : sockets) {
            if (socket instanceof GatheringSocket gathering) {
                gathering.letGo();
            }
        }
    }
}
