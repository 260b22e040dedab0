package dev.outboxrelay.mail.claims;

import dev.outboxrelay.mail.Claim;
import dev.outboxrelay.mail.Claims;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.Parking;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Claims} in the table {@code processed_messages}. */
public final class ProcessedMessages implements Claims {
    private static final Logger log = LoggerFactory.getLogger(ProcessedMessages.class);

    /** Most duplicates come soon: after a relay or a connection began anew. About 1 MB. */
    private static final int RECENT = 10_000;

    /** Assigned in this order: the time is that of the last one. */
    private static final String UNKNOWNS = "unknown_at = IF(unknowns = ?, unknown_at, NOW(6)), unknowns = ?";

    private final GroupCommit commits;
    private final ClaimRules rules;
    private final String worker;
    private final AtomicLong number = new AtomicLong();

    /** Durably recorded as sent by this worker. That is for ever, so the database need not be asked. */
    private final Recent sent = new Recent(RECENT);

    /** Sent by this worker, and about to be recorded; by message id. */
    private final ConcurrentMap<String, CompletionStage<@Nullable Void>> marks = new ConcurrentHashMap<>();

    /**
     * Claims in the name of one worker.
     *
     * @param worker names this process and no other, at most 40 ASCII characters
     */
    public ProcessedMessages(GroupCommit commits, ClaimRules rules, String worker) {
        this.commits = commits;
        this.rules = rules;
        this.worker = worker;
    }

    @Override
    public CompletableFuture<Claim> claim(Incoming message) {
        String id = Objects.requireNonNull(message.messageId(), "a message without id cannot be claimed");
        if (sent.contains(id)) {
            return CompletableFuture.completedFuture(Claim.Settled.before());
        }
        CompletionStage<@Nullable Void> mark = marks.get(id);
        if (mark != null) {
            return CompletableFuture.completedFuture(new Claim.Settled(mark));
        }
        String token = worker + "-" + number.incrementAndGet();
        long leaseEnd = System.nanoTime() + rules.lease().toNanos();
        return commits.claim(new ClaimRequest(id, message.orderKey(), message.aggregateVersion(), token, leaseEnd));
    }

    @Override
    public CompletionStage<@Nullable Void> sent(Claim.Granted claim, String reply) {
        String id = claim.messageId();
        CompletionStage<@Nullable Void> mark = apply(claim, Change.sent(claim, Parking.shorten(reply)))
                .thenAccept(held -> {
                    if (held) {
                        sent.add(id);
                    }
                });
        marks.put(id, mark);
        var unused = mark.whenComplete((done, failure) -> marks.remove(id, mark));
        return mark;
    }

    @Override
    public void retry(Claim.Granted claim, String reply, Duration delay) {
        waits(claim, claim.attempt(), claim.unknowns(), reply, delay);
    }

    @Override
    public void release(Claim.Granted claim, String reply, Duration delay) {
        waits(claim, claim.attempt() - 1, claim.unknowns(), reply, delay);
    }

    @Override
    public void unknown(Claim.Granted claim, String cause, Duration delay) {
        waits(claim, claim.attempt(), claim.unknowns() + 1, cause, delay);
    }

    /** All in numbers that are known, since a change whose commit was not answered is made once more. */
    private void waits(Claim.Granted claim, int attempts, int unknowns, String reply, Duration delay) {
        GroupCommit.await(apply(
                claim,
                new Change(
                        claim.messageId(),
                        claim.token(),
                        "state = 'WAITING', lease_until = NULL, retry_at = TIMESTAMPADD(MICROSECOND, ?, NOW(6)), smtp_reply = ?,"
                                + " attempts = ?, " + UNKNOWNS,
                        List.of(
                                delay.dividedBy(ChronoUnit.MICROS.getDuration()),
                                Parking.shorten(reply),
                                attempts,
                                unknowns,
                                unknowns))));
    }

    @Override
    public void giveUp(Claim.Granted claim, Parking parking) {
        boolean unknown = parking.reason() == ParkReason.UNKNOWN_OUTCOME;
        int unknowns = claim.unknowns() + (unknown ? 1 : 0);
        String reply = parking.reply();
        GroupCommit.await(apply(
                claim,
                new Change(
                        claim.messageId(),
                        claim.token(),
                        "state = ?, lease_until = NULL, retry_at = NULL, reason = ?, detail = ?, smtp_reply = NULLIF(?, ''), "
                                + UNKNOWNS,
                        List.of(
                                unknown ? "UNKNOWN" : "FAILED",
                                parking.reason().name(),
                                parking.detail(),
                                reply == null ? "" : reply,
                                unknowns,
                                unknowns))));
    }

    private CompletableFuture<Boolean> apply(Claim.Granted claim, Change change) {
        return commits.change(change, claim.leaseEndNanos()).whenComplete((held, failure) -> {
            if (failure == null && !held) {
                log.warn(
                        "Message {} was taken over by another worker before its outcome could be recorded; it is counted there",
                        claim.messageId());
            }
        });
    }

    /**
     * How claims are judged.
     *
     * @param consumer the first half of the table's key
     * @param lease how long a claim protects its holder; longer than sending can take
     * @param resends how often a mail that may have been sent is sent again before somebody is asked
     * @param orderWait how long a mail waits for an earlier one of its order
     */
    public record ClaimRules(String consumer, Duration lease, int resends, Duration orderWait) {}
}
