package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.report.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Candidates that take turns. A peer that fails is left out from then on; if ours fails, or a server is gone, all ends. */
record Turns(String part, BooleanSupplier serversRun, Figures figures, Words words) {

    /** Measures one candidate in one round. */
    interface Turn {
        void take(int round, Candidate candidate);
    }

    void take(int rounds, List<Candidate> candidates, Turn turn) {
        List<Candidate> left = new ArrayList<>(candidates);
        for (int round = 1; round <= rounds; round++) {
            for (Candidate candidate : List.copyOf(left)) {
                try {
                    turn.take(round, candidate);
                } catch (IllegalStateException e) {
                    if (candidate.name().equals(OutboxRelay.NAME) || !serversRun.getAsBoolean()) {
                        throw e;
                    }
                    left.remove(candidate);
                    figures.missed("%s: %s in round %d".formatted(part, candidate.name(), round));
                    words.say("%s is left out from now on: %s".formatted(candidate.name(), e.getMessage()));
                }
            }
        }
    }
}
