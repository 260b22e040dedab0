package dev.outboxrelay.local;

/**
 * A server of ours on loopback that can be hurt and healed. Every method may be called in any state, any number of times,
 * and returns within a bounded time; a call for a state that already holds does nothing.
 */
public interface LocalServer extends AutoCloseable {

    /**
     * Starts the server on its data and its ports, the same as before, and returns once it answers clients. A server that
     * was killed has recovered its data by then.
     *
     * @throws LocalServiceException if it does not answer in time or ends; the message carries the end of its log
     */
    void start();

    /** Ends the server in good order; what does not end in time is killed. Its data stay. */
    void stop();

    /** Ends the server at once, as {@code kill -9} does; returns when the process is gone. Its data stay as they are. */
    void kill();

    /** Stops the process from running while its sockets stay open: clients connect and wait (SIGSTOP). */
    void freeze();

    /** Lets a frozen process run on (SIGCONT). */
    void thaw();

    /** Whether the process is there; true for a frozen one. */
    boolean isRunning();

    /**
     * The process id of the server.
     *
     * @throws IllegalStateException if it is not running
     */
    long pid();

    /** Stops the server in good order and starts it again on the same data and ports. */
    default void restart() {
        stop();
        start();
    }

    /** Ends the server and deletes its data. */
    @Override
    void close();
}
