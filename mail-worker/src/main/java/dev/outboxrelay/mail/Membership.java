package dev.outboxrelay.mail;

import java.util.List;

/** Who shares the partitions. Only a hint: that a partition has one consumer at a time is the broker's business. */
public interface Membership {
    /** This worker's name. */
    String self();

    /**
     * Says that this worker consumes, and asks who else does.
     *
     * @return all, this one included, in the order in which they joined
     * @throws Claims.ClaimsUnavailableException if nobody can be asked now
     */
    List<String> beat();

    /** Says that this worker does not consume any more; where that cannot be said it is forgotten after a while. */
    void leave();
}
