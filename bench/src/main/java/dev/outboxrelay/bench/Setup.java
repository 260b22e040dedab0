package dev.outboxrelay.bench;

import java.util.List;
import java.util.Set;

/**
 * How much to measure.
 *
 * @param rows messages, orders or mails of one measurement
 * @param rates commits a second, for latency
 * @param peers names of what is measured beside ours
 * @param brief little of each, as a check that it works, instead of what a figure needs; nothing is downloaded
 */
public record Setup(long rows, int rounds, List<Integer> rates, Set<String> peers, boolean brief) {

    public Setup {
        rates = List.copyOf(rates);
        peers = Set.copyOf(peers);
    }
}
