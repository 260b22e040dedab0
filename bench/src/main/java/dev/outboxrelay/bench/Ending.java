package dev.outboxrelay.bench;

/** The end of this JVM, as Ctrl-C brings it. */
final class Ending {

    private Ending() {}

    /** Whether it has begun, which is before the first shutdown hook ends a server: from then on no hook is taken. */
    static boolean hasBegun() {
        Thread hook = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return !Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
