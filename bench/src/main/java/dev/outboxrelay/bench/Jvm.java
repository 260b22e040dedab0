package dev.outboxrelay.bench;

import dev.outboxrelay.local.ChildProcess;

/** A JVM of its own for what is measured beside ours: the class path of the bench, the collector of the applications. */
public final class Jvm {

    private Jvm() {}

    /** Not started yet; the name is for messages and for its log. */
    public static ChildProcess.Builder of(String name, String mainClass, String... arguments) {
        return ChildProcess.java(name, "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), mainClass)
                .args(arguments);
    }
}
