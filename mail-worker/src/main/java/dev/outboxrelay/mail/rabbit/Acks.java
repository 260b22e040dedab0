package dev.outboxrelay.mail.rabbit;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which deliveries of one channel are to be acknowledged, said in as few words as possible: one for all of them up to the
 * first that is still in hand, and one for each that was faster than that one.
 */
final class Acks {
    private final TreeSet<Long> inHand = new TreeSet<>();
    private final TreeSet<Long> done = new TreeSet<>();

    /** One {@code basic.ack}. */
    record Ack(long tag, boolean multiple) {}

    synchronized void delivered(long tag) {
        inHand.add(tag);
    }

    /** How many wait to be acknowledged now. */
    synchronized int done(long tag) {
        inHand.remove(tag);
        done.add(tag);
        return done.size();
    }

    /** All that wait, which are not said again; to be sent in this order. */
    synchronized List<Ack> take() {
        List<Ack> acks = new ArrayList<>();
        NavigableSet<Long> first = inHand.isEmpty() ? done : done.headSet(inHand.first(), false);
        if (!first.isEmpty()) {
            acks.add(new Ack(first.last(), true));
            first.clear();
        }
        done.forEach(tag -> acks.add(new Ack(tag, false)));
        done.clear();
        return acks;
    }
}
