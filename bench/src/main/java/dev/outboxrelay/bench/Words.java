package dev.outboxrelay.bench;

import java.io.PrintStream;
import java.time.Duration;

/** Tells a person how far it is, on standard error, with the time since the beginning. */
public final class Words {

    private final PrintStream out;
    private final long begun = System.nanoTime();

    public Words(PrintStream out) {
        this.out = out;
    }

    /** Something has happened, or is about to. */
    public void say(String sentence) {
        Duration since = Duration.ofNanos(System.nanoTime() - begun);
        out.printf("[%02d:%02d] %s%n", since.toMinutes(), since.toSecondsPart(), sentence);
        out.flush();
    }
}
