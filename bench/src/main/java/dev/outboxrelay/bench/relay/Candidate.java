package dev.outboxrelay.bench.relay;

/** Something that carries committed rows to the broker, as a process of its own. */
interface Candidate {

    String name();

    /** {@code schema.table} from which it takes rows. */
    String table();

    /** Makes its next start begin where the backlog begins. It does not run. */
    void rewind();

    /** Makes its next start go on where it ended, or later. It does not run. */
    void resume();

    /** Starts the process and returns without waiting for it to be ready. */
    Launched launch();
}
