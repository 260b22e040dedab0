package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.OutboxTable;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.SourceEvent;
import dev.outboxrelay.relay.binlog.BinlogEntry;
import dev.outboxrelay.relay.binlog.Coverage;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds places in this server's binlog. */
final class Locator {

    /** A row is written before its transaction is committed, and clocks may differ a little. */
    private static final long SLACK_SECONDS = 60;

    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Operator operator;
    private final BinlogSearch binlog;

    Locator(Operator operator) {
        this.operator = operator;
        binlog = new BinlogSearch(
                operator.binlog(),
                operator.server().currentPosition(),
                List.copyOf(operator.server().binlogFiles().keySet()));
    }

    /**
     * The position of a target, in the terms that this server can resume by.
     *
     * @throws CommandException where there is no such place in the binlog
     */
    Position find(Target target) throws IOException {
        return operator.server().usable(locate(target));
    }

    private Position locate(Target target) throws IOException {
        if (target instanceof Target.Time time) {
            return firstAt(time.at());
        }
        if (target instanceof Target.Gtid gtid) {
            requireGtids();
            return transaction(gtid.gtid());
        }
        if (target instanceof Target.GtidSet set) {
            requireGtids();
            return behind(set.gtids());
        }
        if (target instanceof Target.Place place) {
            return place(place.file(), place.pos());
        }
        return event((Target.Event) target);
    }

    private void requireGtids() {
        if (!operator.server().hasGtids()) {
            throw new CommandException(
                    ExitCode.USAGE, "this server has GTIDs switched off: name a time, a position or an event");
        }
    }

    private Position firstAt(Instant time) throws IOException {
        int file = binlog.lastFile(first -> first.committedAt().isBefore(time));
        BinlogEntry.Begin oldest = binlog.first(file);
        if (oldest != null && oldest.committedAt().isAfter(time) && isPurgedBefore(oldest.before())) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the binlog reaches back only to %s. What the outbox table still holds from before that can be published again by: events republish"
                            .formatted(oldest.committedAt()));
        }
        return binlog.from(file, begin -> !begin.committedAt().isBefore(time));
    }

    private Position transaction(String gtid) throws IOException {
        int file = binlog.lastFile(
                first -> !Coverage.isIn(gtid, String.valueOf(first.before().gtids())));
        Position[] found = new Position[1];
        binlog.readFile(file, entry -> {
            if (entry instanceof BinlogEntry.Begin begin && gtid.equalsIgnoreCase(begin.gtid())) {
                found[0] = begin.before();
            }
            return found[0] == null;
        });
        return orElseNotFound(found[0], "transaction " + gtid);
    }

    private Position behind(String gtids) throws IOException {
        // The set as it was given: the server is asked for what is not in it, wherever that stands.
        Position set = new Position(Map.of("gtids", gtids));
        String lost = operator.server()
                .cannotResume(new StoredOn(set, operator.server().uuid()));
        if (lost != null) {
            throw new CommandException(ExitCode.FAILED, "the server can't go on behind %s: %s".formatted(gtids, lost));
        }
        Position[] found = new Position[1];
        if (!operator.server().isReached(binlog.end(), set)) {
            binlog.readBehind(set, entry -> {
                if (entry instanceof BinlogEntry.Begin begin) {
                    found[0] = begin.before();
                }
                return found[0] == null;
            });
        }
        return Objects.requireNonNullElse(found[0], binlog.end()).withGtids(gtids);
    }

    private Position place(String file, long pos) throws IOException {
        List<String> files = binlog.files();
        if (!files.contains(file)) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the server has no %s; it has %s to %s".formatted(file, files.get(0), files.get(files.size() - 1)));
        }
        Position wanted = Position.at(file, pos);
        Position[] before = new Position[1];
        Position[] found = new Position[1];
        binlog.readFile(files.indexOf(file), entry -> {
            Position here = entry instanceof BinlogEntry.Begin begin
                    ? begin.before()
                    : entry instanceof BinlogEntry.End ended ? ended.after() : null;
            if (here == null) {
                return true;
            }
            if (Position.compare(here, wanted) < 0) {
                before[0] = here;
                return true;
            }
            found[0] = here;
            return false;
        });
        if (found[0] != null && Position.compare(found[0], wanted) == 0) {
            return found[0];
        }
        throw new CommandException(
                ExitCode.FAILED,
                "no transaction begins at %s:%d%s%s"
                        .formatted(
                                file,
                                pos,
                                before[0] == null
                                        ? ""
                                        : "; before it, at %s:%d".formatted(before[0].file(), before[0].pos()),
                                found[0] == null
                                        ? ""
                                        : "; behind it, at %s:%d".formatted(found[0].file(), found[0].pos())));
    }

    private Position event(Target.Event target) throws IOException {
        Instant written = writtenAt(target.id());
        int file = written == null
                ? 0
                : binlog.lastFile(first -> first.committedAt().isBefore(written.minusSeconds(SLACK_SECONDS)));
        Position[] found = new Position[1];
        binlog.readFile(file, entry -> {
            if (entry instanceof BinlogEntry.Event event && target.id().equals(id(event.event()))) {
                found[0] = target.past()
                        ? event.event().position()
                        : event.transaction().before();
            }
            return found[0] == null;
        });
        return orElseNotFound(found[0], "event " + target.id());
    }

    private static @Nullable String id(SourceEvent event) {
        if (event instanceof SourceEvent.Row row) {
            return row.message().id();
        }
        return event instanceof SourceEvent.Poison poison ? poison.row().id() : null;
    }

    /** When the row was written, where it still stands in a table that says so. */
    private @Nullable Instant writtenAt(String id) {
        String column = operator.config().columns().createdAt();
        String idColumn = operator.config().columns().id();
        for (OutboxTable table : operator.tables()) {
            if (table.columns().contains(column)) {
                LocalDateTime at = operator.jdbc()
                        .sql("SELECT `%s` FROM %s WHERE `%s` IN (?, %s)"
                                .formatted(
                                        column,
                                        table.quoted(),
                                        idColumn,
                                        UUID.matcher(id).matches() ? "UUID_TO_BIN(?)" : "?"))
                        .params(id, id)
                        .query(LocalDateTime.class)
                        .optional()
                        .orElse(null);
                if (at != null) {
                    return at.toInstant(ZoneOffset.UTC);
                }
            }
        }
        return null;
    }

    /** Whether transactions stood before it that the server has no longer. */
    private static boolean isPurgedBefore(Position first) {
        String gtids = first.gtids();
        return gtids == null ? !String.valueOf(first.file()).endsWith(".000001") : !gtids.isEmpty();
    }

    private static Position orElseNotFound(@Nullable Position found, String what) {
        if (found == null) {
            throw new CommandException(ExitCode.FAILED, what + " is not in the binlog of this server");
        }
        return found;
    }
}
