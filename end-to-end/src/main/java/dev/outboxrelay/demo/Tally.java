package dev.outboxrelay.demo;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What became of the orders, counted from the mailbox against the ids that the API returned.
 *
 * @param placed orders answered with 201
 * @param mailed of those, the ones with at least one mail
 * @param lost of those, the ones without
 * @param duplicated mails beyond the first of an order
 * @param unknown mails of orders that nobody was promised
 */
record Tally(int placed, int mailed, int lost, int duplicated, int unknown) {

    /**
     * Counts.
     *
     * @param placed the ids of all placed orders
     * @param mails for each mail received, the id of its order
     */
    static Tally of(Collection<String> placed, Collection<String> mails) {
        Set<String> promised = new HashSet<>(placed);
        Map<String, Integer> received = new HashMap<>();
        mails.forEach(id -> received.merge(id, 1, Integer::sum));
        int mailed = 0;
        int duplicated = 0;
        int unknown = 0;
        for (Map.Entry<String, Integer> order : received.entrySet()) {
            if (promised.contains(order.getKey())) {
                mailed++;
                duplicated += order.getValue() - 1;
            } else {
                unknown += order.getValue();
            }
        }
        return new Tally(promised.size(), mailed, promised.size() - mailed, duplicated, unknown);
    }

    /** Whether each of that many orders was placed and got exactly one mail, and nobody else got any. */
    boolean isClean(int expected) {
        return placed == expected && mailed == expected && lost == 0 && duplicated == 0 && unknown == 0;
    }

    /** The demo's last line. */
    String line() {
        return "placed=%d mailed=%d lost=%d duplicated=%d".formatted(placed, mailed, lost, duplicated);
    }
}
