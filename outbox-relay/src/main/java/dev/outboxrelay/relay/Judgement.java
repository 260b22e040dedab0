package dev.outboxrelay.relay;

import dev.outboxrelay.relay.WrittenRows.Written;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is lost from what the consumer has yet to take. What it has passed over by far is lost. Of what it has not come to,
 * nobody can say so: few events are taken for lost all the same, lest the last one before a quiet night be forgotten; many are a
 * consumer that is behind, or away, and needs nothing but time.
 */
final class Judgement {

    /** No more than so many at a time are taken for lost without being passed over. */
    static final int FEW = 100;

    private Judgement() {}

    /**
     * Up to when each event is either at the consumer or lost.
     *
     * @param rows old enough to be there, the oldest first; not empty
     * @param isAbsent whether the consumer does not have it
     * @param isLast whether nothing that is old enough follows them
     * @param passed up to when the consumer has passed everything over; null where that is not known
     * @param alreadyOpen events that were taken for lost before and are still not confirmed
     * @return null where that can't be said of the first row either
     */
    static @Nullable Instant upTo(
            List<Written> rows,
            Predicate<Written> isAbsent,
            boolean isLast,
            @Nullable Instant passed,
            long alreadyOpen) {
        Instant last = rows.get(rows.size() - 1).at();
        long open = rows.stream()
                .filter(row -> passed == null || row.at().isAfter(passed))
                .filter(isAbsent)
                .count();
        if (open == 0 || (isLast && open + alreadyOpen <= FEW)) {
            return last;
        }
        return passed == null || passed.isBefore(rows.get(0).at()) ? null : passed;
    }
}
