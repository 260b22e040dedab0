package dev.outboxrelay.relay.cli;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the binlog, as people name it: what is published next. */
sealed interface Target {

    Pattern GTID_SET = Pattern.compile("(?:[0-9a-fA-F-]{36}(?:(?::[a-z_]\\w*)?:\\d+(?:-\\d+)?)+,?)+");
    Pattern ONE_GTID = Pattern.compile("[0-9a-fA-F-]{36}(?::[a-z_]\\w*)?:\\d+");
    Pattern AGO = Pattern.compile("\\d+(?:ms|s|m|h|d)");
    Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d(?:T.*)?");
    Pattern PLACE = Pattern.compile("(.+):(\\d+)");

    /** The first transaction committed at or after this time. */
    record Time(Instant at) implements Target {}

    /** This transaction. */
    record Gtid(String gtid) implements Target {}

    /** What is behind these transactions. */
    record GtidSet(String gtids) implements Target {}

    /** The transaction that begins there. */
    record Place(String file, long pos) implements Target {}

    /** The transaction that wrote this event; or, past it, what follows it. */
    record Event(String id, boolean past) implements Target {}

    /**
     * Whichever of them a text names; what is none of the others is an event's id.
     *
     * @param now by the database's clock
     */
    static Target from(String option, String text, Instant now) {
        if (GTID_SET.matcher(text).matches()) {
            return gtids(text);
        }
        if (AGO.matcher(text).matches() || TIME.matcher(text).matches()) {
            return new Time(Times.parse(option, text, now));
        }
        return PLACE.matcher(text).matches() ? file(text) : new Event(text, false);
    }

    static Target gtids(String text) {
        String gtids = text.replaceAll("\\s", "");
        if (!GTID_SET.matcher(gtids).matches()) {
            throw new CommandException(
                    ExitCode.USAGE, "--to-gtid: give uuid:17, or a set such as uuid:1-16; not " + text);
        }
        return ONE_GTID.matcher(gtids).matches() ? new Gtid(gtids) : new GtidSet(gtids);
    }

    static Target file(String text) {
        Matcher place = PLACE.matcher(text);
        if (!place.matches()) {
            throw new CommandException(
                    ExitCode.USAGE, "--to-position: give file:pos, as binlog.000007:157; not " + text);
        }
        return new Place(place.group(1), Long.parseLong(place.group(2)));
    }
}
