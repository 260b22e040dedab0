package dev.outboxrelay.local;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * One connection through the proxy: in each direction one thread reads and another writes, so that a delay adds latency
 * and takes no throughput. Holds at most about 1 MB in a direction; beyond that the sender is slowed down, as by a network.
 */
final class Relayed {

    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int CHUNKS = 64;

    private final Socket client;
    private final Socket server;
    private final Consumer<Relayed> whenClosed;

    Relayed(Socket client, Socket server, Consumer<Relayed> whenClosed) {
        this.client = client;
        this.server = server;
        this.whenClosed = whenClosed;
    }

    /** Bytes and when they came; none of them means that the sender will send no more. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Chunk(byte[] bytes, int length, long cameAtNanos) {}

    void start(Lane toServer, Lane toClient) {
        relay(client, server, toServer);
        relay(server, client, toClient);
    }

    /** Closes both ends with a reset, as a host does that has gone. */
    void reset() {
        reset(client);
        reset(server);
        whenClosed.accept(this);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closedAlready) {
            return;
        }
    }

    private void relay(Socket from, Socket to, Lane lane) {
        BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(CHUNKS);
        Thread reader = thread("reader", () -> read(from, queue));
        Thread writer = thread("writer", () -> {
            try {
                write(queue, to, lane);
            } finally {
                reader.interrupt();
            }
        });
        reader.start();
        writer.start();
    }

    private void read(Socket from, BlockingQueue<Chunk> queue) throws IOException, InterruptedException {
        int length;
        do {
            byte[] bytes = new byte[CHUNK_BYTES];
            length = from.getInputStream().read(bytes);
            queue.put(new Chunk(bytes, length, System.nanoTime()));
        } while (length >= 0);
    }

    private void write(BlockingQueue<Chunk> queue, Socket to, Lane lane) throws IOException, InterruptedException {
        while (true) {
            Chunk chunk = queue.take();
            lane.awaitTurn(chunk.cameAtNanos());
            if (chunk.length() < 0) {
                to.shutdownOutput();
                closeIfBothEnded();
                return;
            }
            int passing = lane.take(chunk.length());
            to.getOutputStream().write(chunk.bytes(), 0, passing);
            if (passing < chunk.length()) {
                to.shutdownOutput();
                end();
                return;
            }
        }
    }

    private synchronized void closeIfBothEnded() throws IOException {
        if (client.isOutputShutdown() && server.isOutputShutdown()) {
            end();
        }
    }

    private void end() throws IOException {
        client.close();
        server.close();
        whenClosed.accept(this);
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private Thread thread(String name, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        step.run();
                    } catch (IOException | InterruptedException broken) {
                        reset();
                    }
                },
                "fault-proxy-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
