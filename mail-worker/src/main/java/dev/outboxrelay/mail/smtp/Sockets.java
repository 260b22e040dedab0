package dev.outboxrelay.mail.smtp;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those of one connection to the mail server: one, or those of all addresses that were tried. */
final class Sockets {
    private static final Logger log = LoggerFactory.getLogger(Sockets.class);

    private final List<GatheringSocket> sockets = new CopyOnWriteArrayList<>();

    void add(GatheringSocket socket) {
        sockets.add(socket);
    }

    /** Closes the connection at once; whoever reads or writes on it gets an exception. */
    void sever() {
        for (GatheringSocket socket : sockets) {
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
}
