package dev.outboxrelay.demo;

import java.io.PrintStream;

/** Tells a person how far it is: words on standard error; one line that changes on a terminal, plain lines elsewhere. */
public final class Progress {

    private static final String TO_START_OF_LINE_AND_CLEAR = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private boolean open;

    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Something has happened. */
    public synchronized void say(String sentence) {
        finishLine();
        out.println(sentence);
        out.flush();
    }

    /** A state that replaces the one before; not shown off a terminal. */
    public synchronized void update(String state) {
        if (terminal) {
            out.print(TO_START_OF_LINE_AND_CLEAR + state);
            out.flush();
            open = true;
        }
    }

    private void finishLine() {
        if (open) {
            out.print(TO_START_OF_LINE_AND_CLEAR);
            open = false;
        }
    }
}
