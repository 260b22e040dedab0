package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.GtidSet;
import com.github.shyiko.mysql.binlog.event.Event;
import dev.outboxrelay.relay.MySqlSettings;
import dev.outboxrelay.relay.Position;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stretch of binlog for somebody who wants to look at it: publishes nothing and stores nothing. It is a reader of its
 * own at the server, beside the relay's, and decodes rows into the same messages.
 */
public final class BinlogReader {

    /** The server says so often that there is nothing more; this is how the end is noticed. */
    private static final Duration HEARTBEAT = Duration.ofMillis(200);

    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final MySqlSettings mysql;
    private final OutboxRows rows;

    public BinlogReader(MySqlSettings mysql, OutboxRows rows) {
        this.mysql = mysql;
        this.rows = rows;
    }

    /**
     * Reads from a position, by GTIDs where it has them, until the visitor has had enough or {@code end} is reached; without an
     * end for ever.
     *
     * @param end a place in this server's binlog, as {@code SHOW MASTER STATUS} tells
     * @throws IOException when the server can't be read, or has not got that position
     */
    public void read(Position from, @Nullable Position end, BinlogEntry.Visitor visitor) throws IOException {
        read(from, from.gtids() == null ? null : new GtidSet(from.gtids()), end, visitor);
    }

    /** Reads one file from its beginning, and those behind it. */
    public void readFile(String file, @Nullable Position end, BinlogEntry.Visitor visitor) throws IOException {
        read(Position.at(file, 4), null, end, visitor);
    }

    private void read(Position from, @Nullable GtidSet gtids, @Nullable Position end, BinlogEntry.Visitor visitor)
            throws IOException {
        BinaryLogClient client = new BinlogClient(
                mysql.host(), mysql.port(), mysql.username(), Objects.requireNonNullElse(mysql.password(), ""));
        client.setServerId(ThreadLocalRandom.current().nextInt(1 << 24, 1 << 30));
        client.setKeepAlive(false);
        client.setHeartbeatInterval(HEARTBEAT.toMillis());
        client.setUseNonGracefulDisconnect(true);
        client.setSocketFactory(BinlogReader::socket);
        client.setEventDeserializer(rows.deserializer());
        BinlogTls.apply(client, mysql);
        // With GTIDs the server finds the place itself; a name is given so that the client does not ask for one.
        client.setBinlogFilename(from.file() == null ? "unknown" : from.file());
        client.setBinlogPosition(from.pos());
        if (gtids != null) {
            client.setGtidSet(gtids.toString());
        }
        Reading reading = new Reading(client, new BinlogWalk(from, gtids, rows, visitor), end);
        client.registerEventListener(reading);
        client.registerLifecycleListener(reading);
        client.connect();
        reading.throwFailure();
    }

    /** One connection, and how it ended. */
    private static final class Reading extends BinaryLogClient.AbstractLifecycleListener
            implements BinaryLogClient.EventListener {

        private final BinaryLogClient client;
        private final BinlogWalk walk;
        private final @Nullable Position end;
        private boolean finished;
        private @Nullable Exception failure;

        Reading(BinaryLogClient client, BinlogWalk walk, @Nullable Position end) {
            this.client = client;
            this.walk = walk;
            this.end = end;
        }

        @Override
        public void onEvent(Event event) {
            if (finished) {
                return;
            }
            try {
                if (!walk.step(event) || (end != null && walk.hasReached(end))) {
                    finish();
                }
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }

        @Override
        public void onCommunicationFailure(BinaryLogClient source, Exception e) {
            fail(e);
        }

        @Override
        public void onEventDeserializationFailure(BinaryLogClient source, Exception e) {
            fail(e);
        }

        private void fail(Exception e) {
            if (!finished) {
                failure = e;
                finish();
            }
        }

        private void finish() {
            finished = true;
            try {
                client.disconnect();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }

        void throwFailure() throws IOException {
            Exception e = failure;
            if (e instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            if (e != null || !finished) {
                throw new IOException(
                        "The binlog could not be read: " + (e == null ? "the connection has ended" : e.getMessage()),
                        e);
            }
        }
    }

    /** A server that has gone silent must not be waited for for ever. */
    private static Socket socket() throws SocketException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) SILENCE.toMillis());
        return socket;
    }
}
