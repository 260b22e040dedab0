package dev.outboxrelay.mail.cli;

import dev.outboxrelay.mail.rabbit.ParkedMessage;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which of the parked messages: one of three ways to say it. */
final class Selection {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "Message ids.")
    private @Nullable List<String> ids;

    @Option(names = "--all", description = "All that are parked now.")
    private boolean all;

    @Option(names = "--reason", paramLabel = "REASON", description = "Those with this reason, such as REFUSED.")
    private @Nullable String reason;

    boolean includes(ParkedMessage message) {
        if (ids != null) {
            return message.id().filter(ids::contains).isPresent();
        }
        return all || message.reason().equals(String.valueOf(reason).toUpperCase(Locale.ROOT));
    }

    /** Whether somebody named messages that must exist. */
    boolean namesMessages() {
        return ids != null;
    }

    /**
     * In words, as the subject of a sentence.
     *
     * @param parked how many messages are parked
     */
    String named(long parked) {
        if (ids != null) {
            return ids.size() == 1 ? "message " + ids.get(0) : "these " + ids.size() + " messages";
        }
        return all
                ? "all " + parked + " parked messages"
                : "the parked messages with reason " + String.valueOf(reason).toUpperCase(Locale.ROOT);
    }

    Predicate<ParkedMessage> asPredicate() {
        return this::includes;
    }
}
