package dev.outboxrelay.local;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to happen when this JVM ends, whether its work succeeded or not: last come, first served. */
public final class AtEnd {

    private static final Deque<Runnable> ACTIONS = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtEnd::runAll, "local-services-end"));
    }

    private AtEnd() {}

    /** Runs the action before those that were given earlier. */
    public static void run(Runnable action) {
        synchronized (ACTIONS) {
            ACTIONS.addFirst(action);
        }
    }

    /** Runs the action after all others. */
    static void last(Runnable action) {
        synchronized (ACTIONS) {
            ACTIONS.addLast(action);
        }
    }

    private static void runAll() {
        while (true) {
            Runnable next;
            synchronized (ACTIONS) {
                next = ACTIONS.pollFirst();
            }
            if (next == null) {
                return;
            }
            try {
                next.run();
            } catch (RuntimeException e) {
                // The others must have their turn, and nobody is left to whom it could be thrown.
                System.err.println("While ending: " + e);
            }
        }
    }
}
