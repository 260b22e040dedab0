package dev.outboxrelay.relay.binlog;

import java.io.IOException;
import java.io.InputStream;

/**
 * A buffer without a lock, for one thread. Unlike the library's, it does not hand out once more what it held before a read that
 * failed.
 */
final class ReadAhead extends InputStream {

    /** What a TLS record can hold. */
    private static final int SIZE = 16 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[SIZE];
    private int at;
    private int end;

    ReadAhead(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        return at < end || fill() ? buffer[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == end && !fill()) {
            return -1;
        }
        int taken = Math.min(length, end - at);
        System.arraycopy(buffer, at, bytes, offset, taken);
        at += taken;
        return taken;
    }

    @Override
    public int available() throws IOException {
        return end - at + in.available();
    }

    /** Whether there was something more. */
    private boolean fill() throws IOException {
        at = 0;
        end = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
