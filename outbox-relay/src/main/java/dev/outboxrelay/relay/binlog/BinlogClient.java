package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.GtidSet;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import com.github.shyiko.mysql.binlog.network.protocol.PacketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The library's client, amended in three places.
 *
 * <ul>
 *   <li>It can also begin before the first transaction of all, with an empty set of GTIDs: where it is given the name of a file
 *       beside that, the library's takes it for no set, and fails on it.
 *   <li>It reads TLS through a buffer: the library's has one without TLS only, and fetches each byte of each number from the TLS
 *       socket, under its locks.
 *   <li>While the broker takes nothing, nothing is read. MySQL bears that for as long as an alarm may last, and not for its
 *       {@code net_write_timeout} only (60 s), after which it would end the connection, and so the run.
 * </ul>
 */
final class BinlogClient extends BinaryLogClient {

    private static final Duration MAY_STAND_STILL = Duration.ofDays(1);

    BinlogClient(String host, int port, String user, String password) {
        super(host, port, user, password);
        setNetWriteTimeout(MAY_STAND_STILL.toSeconds());
    }

    @Override
    public void setGtidSet(@Nullable String gtids) {
        super.setGtidSet(gtids);
        if (gtids != null && gtids.isEmpty()) {
            synchronized (gtidSetAccessLock) {
                gtidSet = new GtidSet("");
            }
        }
    }

    @Override
    protected void requestBinaryLogStream() throws IOException {
        if (channel.isSSL()) {
            // Nothing is on its way now: each question before was answered whole.
            channel = new Buffered(channel);
            channel.authenticationComplete();
        }
        super.requestBinaryLogStream();
    }

    private static final class Buffered extends PacketChannel {

        private final ByteArrayInputStream in;

        Buffered(PacketChannel channel) throws IOException {
            super(new Upgraded(channel));
            in = new ByteArrayInputStream(new ReadAhead(channel.getInputStream()));
        }

        @Override
        public ByteArrayInputStream getInputStream() {
            return in;
        }
    }

    /** A channel as the socket that another channel is made of. */
    private static final class Upgraded extends Socket {

        private final PacketChannel channel;

        Upgraded(PacketChannel channel) {
            this.channel = channel;
        }

        @Override
        public InputStream getInputStream() {
            return channel.getInputStream();
        }

        @Override
        public OutputStream getOutputStream() {
            return channel.getOutputStream();
        }

        @Override
        public boolean isClosed() {
            return !channel.isOpen();
        }

        @Override
        public void setSoLinger(boolean on, int seconds) {
            channel.setShouldUseSoLinger0();
        }

        /** Left to {@link #close}, which ends both directions. */
        @Override
        public void shutdownInput() {}

        /** Left to {@link #close}, which ends both directions. */
        @Override
        public void shutdownOutput() {}

        @Override
        public synchronized void close() throws IOException {
            channel.close();
        }
    }
}
