package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Verification;
import dev.outboxrelay.relay.cli.Audit.Missing;
import dev.outboxrelay.relay.cli.Audit.Place;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit}. */
@Command(
        name = "audit",
        description = {
            "Accounts for every event that stands in the outbox: whether its consumer has it, and where it is if not. Changes nothing.",
            "Exit code 5 where events are missing: published, or skipped by hand, and not confirmed within"
                    + " relay.verification.after of being written."
        },
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {

    private static final int SHOWN = 100;

    @Mixin
    private Setup setup;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only events written at or after this time: 2026-11-23T09:19:40Z, or 2h for two hours ago (default: all).")
    private @Nullable String since;

    @Override
    public Integer call() throws IOException {
        try (Operator operator = setup.open()) {
            Verification verification = operator.config().verification();
            if (!verification.isOn()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "relay.verification.confirmations: is missing; give the schema.table or view in which the consumer says what it has");
            }
            Instant from = since == null ? Instant.EPOCH : Times.parse("--since", since, operator.now());
            Audit audit = Audit.since(from, operator);
            String relay = operator.config().name();
            setup.print(() -> json(relay, verification, audit), () -> table(relay, verification, audit));
            if (audit.missing().isEmpty()) {
                return ExitCode.DONE.code();
            }
            setup.say("Missing at %s. To publish them again: outbox-relay events republish %s"
                    .formatted(verification.consumer(), ids(audit.missing())));
            return ExitCode.GAPS.code();
        }
    }

    private static String ids(List<Missing> missing) {
        String shown = String.join(
                " ", missing.stream().limit(SHOWN).map(Missing::event).toList());
        return missing.size() > SHOWN ? shown + " … (-o json names all)" : shown;
    }

    private void table(String relay, Verification verification, Audit audit) {
        List<Missing> missing = audit.missing();
        if (!missing.isEmpty()) {
            Output.table(
                    setup.out(),
                    List.of("MISSING", "WRITTEN", "TABLE", "PUBLISHED AGAIN", "CONSUMER SAYS"),
                    missing.stream()
                            .limit(SHOWN)
                            .map(event -> List.of(
                                    event.event(),
                                    event.at().toString(),
                                    event.table(),
                                    event.redriven() + " times",
                                    event.state() == null ? "nothing" : event.state()))
                            .toList());
            setup.out().println();
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("relay", relay);
        fields.put("consumer", "%s, by %s".formatted(verification.consumer(), verification.confirmations()));
        fields.put("events", count(audit.confirmed()) + count(audit.unconfirmed()));
        fields.put("confirmed", count(audit.confirmed()));
        audit.confirmed().forEach((state, events) -> fields.put("  " + state, events));
        for (Place place : Place.values()) {
            fields.put(
                    place.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    audit.unconfirmed().getOrDefault(place, 0L));
        }
        fields.put("undated", audit.undated() == 0 ? null : audit.undated());
        Output.fields(setup.out(), fields);
    }

    private static Map<String, Object> json(String relay, Verification verification, Audit audit) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("relay", relay);
        json.put("consumer", verification.consumer());
        json.put("confirmations", verification.confirmations());
        json.put("events", count(audit.confirmed()) + count(audit.unconfirmed()));
        json.put("confirmed", audit.confirmed());
        Map<String, Long> unconfirmed = new LinkedHashMap<>();
        for (Place place : Place.values()) {
            unconfirmed.put(place.name(), audit.unconfirmed().getOrDefault(place, 0L));
        }
        json.put("unconfirmed", unconfirmed);
        json.put("undated", audit.undated());
        json.put("missing", audit.missing().stream().map(AuditCommand::json).toList());
        return json;
    }

    private static Map<String, @Nullable Object> json(Missing event) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("event", event.event());
        fields.put("table", event.table());
        fields.put("writtenAt", event.at().toString());
        fields.put("redriven", event.redriven());
        fields.put("consumerSays", event.state());
        return fields;
    }

    private static long count(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
