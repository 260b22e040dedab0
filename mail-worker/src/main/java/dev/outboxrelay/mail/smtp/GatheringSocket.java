package dev.outboxrelay.mail.smtp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** Can hold back what is flushed, so that several commands leave in one packet although each is flushed for itself. */
final class GatheringSocket extends Socket {
    private @Nullable Gathering output;

    GatheringSocket() {}

    GatheringSocket(String host, int port) throws IOException {
        super(host, port);
    }

    GatheringSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        super(host, port, local, localPort);
    }

    GatheringSocket(InetAddress host, int port) throws IOException {
        super(host, port);
    }

    GatheringSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        super(host, port, local, localPort);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        synchronized (this) {
            if (output == null) {
                output = new Gathering(super.getOutputStream());
            }
            return output;
        }
    }

    synchronized void gather() {
        if (output != null) {
            output.gathers = true;
        }
    }

    void letGo() throws IOException {
        Gathering held;
        synchronized (this) {
            held = output;
        }
        if (held != null) {
            held.gathers = false;
            held.flush();
        }
    }

    private static final class Gathering extends BufferedOutputStream {
        private volatile boolean gathers;

        Gathering(OutputStream out) {
            super(out);
        }

        @Override
        public synchronized void flush() throws IOException {
            if (!gathers) {
                super.flush();
            }
        }
    }
}
