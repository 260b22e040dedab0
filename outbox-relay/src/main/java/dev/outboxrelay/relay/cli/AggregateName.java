package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;

/** Aggregates as people type and read them: {@code Order/order-17}. */
final class AggregateName {

    private AggregateName() {}

    /** @throws CommandException for a text without a slash */
    static Aggregate parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1) {
            throw new CommandException(ExitCode.USAGE, "--aggregate: give TYPE/ID, as Order/0192f0c1-…; not " + text);
        }
        return new Aggregate(text.substring(0, slash), text.substring(slash + 1));
    }

    static String of(Aggregate aggregate) {
        return aggregate.type() + "/" + aggregate.id();
    }
}
