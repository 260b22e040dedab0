package dev.outboxrelay.chaos;

import dev.outboxrelay.chaos.Schedule.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * Which fault comes when, chosen by a seed and nothing else: the same seed and the same faults give the same steps. Each kind of
 * fault comes once before any comes again.
 */
final class Schedule implements Iterator<Step> {

    private static final double LINGERING = 0.25;

    private final Random random;
    private final List<List<Fault>> kinds;
    private final Pace pace;
    private final List<List<Fault>> deck = new ArrayList<>();

    /** How long faults last, and how long it is quiet between them, at most. */
    record Pace(Duration hold, Duration gap) {
        static final Pace NORMAL = new Pace(Duration.ofSeconds(10), Duration.ofSeconds(6));
    }

    /**
     * One fault.
     *
     * @param hold how long it lasts
     * @param gap how long it is quiet before it
     * @param lingers whether it lasts until the next one has had its time, too
     */
    record Step(Fault fault, Duration hold, Duration gap, boolean lingers) {}

    /**
     * A schedule at its beginning.
     *
     * @param kinds for each kind of fault those among which one is chosen each time
     */
    Schedule(long seed, List<List<Fault>> kinds, Pace pace) {
        this.random = new Random(seed);
        this.kinds = List.copyOf(kinds);
        this.pace = pace;
    }

    /** There is always another. */
    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public Step next() {
        if (deck.isEmpty()) {
            deck.addAll(kinds);
            Collections.shuffle(deck, random);
        }
        List<Fault> variants = deck.remove(deck.size() - 1);
        Fault fault = variants.get(random.nextInt(variants.size()));
        boolean lingers = random.nextDouble() < LINGERING && !fault.alone();
        return new Step(fault, upTo(pace.hold()), upTo(pace.gap()), lingers);
    }

    /** Many are short and few long, since what happens within a lease, and after it, are different stories. */
    private Duration upTo(Duration limit) {
        double share = random.nextDouble();
        return Duration.ofMillis(Math.round(limit.toMillis() * share * share));
    }
}
