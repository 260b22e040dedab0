package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.Server;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.binlog.Coverage;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.io.IOException;
import java.util.Optional;

/**
 * A move of the offset by hand, thought through: which way it goes, and which events that concerns.
 *
 * @param to what will be stored
 * @param stored what was found; empty where there was none
 * @param events published again by a move back, never published by a move forward; empty where that can't be known
 */
record MovePlan(StoredOn to, Optional<StoredOffset> stored, Direction direction, Listing events) {

    /** Which way. */
    enum Direction {
        /** Events are published again. */
        BACK,
        /** Events are never published. */
        FORWARD,
        /** It stands there already. */
        NOWHERE,
        /** There was no position before. */
        FIRST,
        /** The stored position is none that this server can go on from: what is between can't be known. */
        UNKNOWN
    }

    private static final int SHOWN = 100;

    /**
     * Thinks it through.
     *
     * @param limit how many events to name; 0 for all of a move forward, and some of a move back
     * @throws CommandException where the server can't go on from there
     */
    static MovePlan make(Operator operator, StoredOn target, int limit) throws IOException {
        Server server = operator.server();
        String lost = server.cannotResume(target);
        if (lost != null) {
            throw new CommandException(
                    ExitCode.FAILED, "the server can't go on from %s: %s".formatted(target.position(), lost));
        }
        Optional<StoredOffset> stored = operator.offsets().read();
        Optional<StoredOn> from = stored.map(offset -> new StoredOn(offset.position(), offset.serverUuid()));
        if (from.isEmpty()) {
            return new MovePlan(target, stored, Direction.FIRST, Listing.empty());
        }
        if (server.cannotResume(from.get()) != null) {
            return new MovePlan(target, stored, Direction.UNKNOWN, Listing.empty());
        }
        if (from.get().position().isSnapshotPending()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the relay has still to publish the rows that stand in the table: let it do that first");
        }
        // Pending then, published since: what comes again is what the binlog has behind it.
        StoredOn to = new StoredOn(target.position().withSnapshotDone(), target.serverUuid());
        Direction direction = direction(server, to, from.get());
        return new MovePlan(to, stored, direction, events(operator, direction, to, from.get(), limit));
    }

    /**
     * Which way from one position to another.
     *
     * @throws CommandException where neither holds the other
     */
    static Direction direction(Server server, StoredOn to, StoredOn from) {
        Position one = here(server, to);
        Position other = here(server, from);
        if (one.gtids() == null || other.gtids() == null) {
            return direction(Position.compare(one, other));
        }
        boolean back = server.isReached(one, other);
        boolean forward = server.isReached(other, one);
        if (!back && !forward) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "%s and %s each hold transactions that the other does not: neither is before the other"
                            .formatted(to.position(), from.position()));
        }
        return direction(back && forward ? Position.compareInTransaction(one, other) : back ? -1 : 1);
    }

    private static Direction direction(int order) {
        return order == 0 ? Direction.NOWHERE : order < 0 ? Direction.BACK : Direction.FORWARD;
    }

    /** What a move concerns, given what it replaces. */
    static Listing events(Operator operator, Direction direction, StoredOn to, StoredOn from, int limit)
            throws IOException {
        boolean back = direction == Direction.BACK;
        if (!back && direction != Direction.FORWARD) {
            return Listing.empty();
        }
        Server server = operator.server();
        return Listing.between(
                operator.binlog(),
                here(server, back ? to : from),
                Coverage.of(here(server, back ? from : to)),
                server.currentPosition(),
                limit > 0 ? limit : back ? SHOWN : Integer.MAX_VALUE);
    }

    /** As the relay would resume from it on this server. */
    static Position here(Server server, StoredOn position) {
        boolean sameServer = position.serverUuid().equals(server.uuid());
        return server.usable(
                sameServer ? position.position() : position.position().atTransactionStart());
    }
}
