package dev.outboxrelay.bench;

import dev.outboxrelay.bench.report.Figures;
import java.time.Duration;

/** One part of the bench. */
public interface Part {

    /** Its name on the command line and in results. */
    String name();

    /** About how long it takes, on a machine with two cores. */
    Duration estimate(Setup setup);

    /** Measures on those servers, which nobody else uses, and adds what it finds. */
    void measure(Bed bed, Setup setup, Figures figures, Words words);
}
