package dev.outboxrelay.relay.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where to, in one of five ways. What is named is what is published next. */
final class TargetOptions {

    @Option(
            names = "--to-time",
            paramLabel = "TIME",
            description =
                    "The first transaction committed at or after this time: 2026-11-23T09:19:40Z, or 15m for 15 minutes"
                            + " ago.")
    private @Nullable String time;

    @Option(
            names = "--to-gtid",
            paramLabel = "GTID",
            description =
                    "This transaction (uuid:17); or what is behind a set of them (uuid:1-16), as in offsets show.")
    private @Nullable String gtid;

    @Option(
            names = "--to-position",
            paramLabel = "FILE:POS",
            description = "The transaction that begins there, as in SHOW BINLOG EVENTS.")
    private @Nullable String position;

    @Option(names = "--to-event", paramLabel = "ID", description = "The transaction that wrote this event.")
    private @Nullable String event;

    @Option(names = "--past-event", paramLabel = "ID", description = "What follows this event.")
    private @Nullable String pastEvent;

    /** @param now by the database's clock */
    Target target(Instant now) {
        if (time != null) {
            return new Target.Time(Times.parse("--to-time", time, now));
        }
        if (gtid != null) {
            return Target.gtids(gtid);
        }
        if (position != null) {
            return Target.file(position);
        }
        return event != null ? new Target.Event(event, false) : new Target.Event(String.valueOf(pastEvent), true);
    }
}
