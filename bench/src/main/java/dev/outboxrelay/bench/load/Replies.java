package dev.outboxrelay.bench.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** What a server says in lines, with as little work as can be: what a client uses here is taken from the server. */
final class Replies {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int BUFFER = 8_192;

    private final InputStream in;

    private Replies(InputStream in) {
        this.in = in;
    }

    /** Of that connection, which sends at once from now on, and waits for half a minute at most. */
    static Replies on(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return new Replies(new BufferedInputStream(socket.getInputStream(), BUFFER));
    }

    /** The next line, without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The server has closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    void skip(int bytes) throws IOException {
        in.skipNBytes(bytes);
    }
}
