package dev.outboxrelay.chaos;

import dev.outboxrelay.chaos.Evidence.Command;
import dev.outboxrelay.chaos.Evidence.Event;
import dev.outboxrelay.chaos.Evidence.Handled;
import dev.outboxrelay.chaos.Evidence.Mail;
import dev.outboxrelay.chaos.Evidence.Publication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the promise was kept, and if not, each event of which it was not. */
final class Verdict {

    private static final Handled NOT_HANDLED = new Handled("not seen by the mail worker", 0, "never claimed");

    private final Evidence evidence;
    private final Map<String, Event> events;
    private final Map<String, Long> mails;
    private final List<Finding> findings = new ArrayList<>();

    /** One event, or one command, of which the promise was broken. */
    record Finding(Breach breach, String orderId, String what) {}

    private Verdict(Evidence evidence) {
        this.evidence = evidence;
        this.events = evidence.events().stream().collect(Collectors.toMap(Event::id, event -> event));
        this.mails = evidence.mails().stream().collect(Collectors.groupingBy(Mail::eventId, Collectors.counting()));
    }

    /** Judges. */
    static Verdict of(Evidence evidence) {
        Verdict verdict = new Verdict(evidence);
        verdict.judgeAnswers();
        verdict.judgeOutbox();
        verdict.judgePublications();
        verdict.judgeMails();
        verdict.judgeAccount();
        return verdict;
    }

    boolean isKept() {
        return findings.isEmpty();
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    Figures figures() {
        Set<String> redriven = evidence.publications().stream()
                .filter(Publication::byVerification)
                .map(Publication::eventId)
                .collect(Collectors.toSet());
        return new Figures(
                evidence.orders().accepted().stream()
                        .map(Command::orderId)
                        .distinct()
                        .count(),
                events.size(),
                events.keySet().stream().filter(mails::containsKey).count(),
                count(Breach.LOST),
                count(Breach.MAILED_OUT_OF_ORDER),
                mails.values().stream().mapToLong(copies -> copies - 1).sum(),
                evidence.handled().values().stream()
                        .mapToLong(Handled::unknowns)
                        .sum(),
                evidence.publications().size(),
                redriven.size(),
                evidence.orders().retries());
    }

    private long count(Breach breach) {
        return findings.stream().filter(finding -> finding.breach() == breach).count();
    }

    private void judgeAnswers() {
        evidence.orders().refused().forEach(refused -> findings.add(new Finding(Breach.REFUSED, "", refused)));
        evidence.orders().unanswered().forEach(command -> findings.add(new Finding(Breach.UNANSWERED, "", command)));
    }

    /** Each accepted command has one event, and each event an accepted command. */
    private void judgeOutbox() {
        Set<Command> owed = new LinkedHashSet<>(evidence.orders().accepted());
        Set<Command> told = new HashSet<>();
        for (Event event : evidence.events()) {
            Command command = new Command(event.orderId(), event.type());
            if (!owed.contains(command)) {
                find(Breach.NEVER_ACCEPTED, event, "");
            } else if (!told.add(command)) {
                find(Breach.NEVER_ACCEPTED, event, "the second of its type");
            }
        }
        owed.stream()
                .filter(command -> !told.contains(command))
                .forEach(command -> findings.add(new Finding(Breach.NOT_COMMITTED, command.orderId(), command.type())));
    }

    /** What verification publishes does not count: it would hide what the relay has passed over. */
    private void judgePublications() {
        List<String> firstHand = evidence.publications().stream()
                .filter(publication -> !publication.byVerification())
                .map(Publication::eventId)
                .distinct()
                .toList();
        Set<String> published = Set.copyOf(firstHand);
        evidence.events().stream()
                .filter(event -> !published.contains(event.id()))
                .forEach(event -> find(Breach.SKIPPED, event, ""));
        overtaken(firstHand).forEach(event -> find(Breach.PUBLISHED_OUT_OF_ORDER, event, ""));
    }

    /** A mail that a purge has delayed may be late: what is published again comes behind later ones. */
    private void judgeMails() {
        evidence.events().stream()
                .filter(event -> !mails.containsKey(event.id()))
                .forEach(event -> find(Breach.LOST, event, handled(event).state()));
        overtaken(evidence.mails().stream().map(Mail::eventId).distinct().toList()).stream()
                .filter(event -> !evidence.purged().contains(event.id()))
                .forEach(event ->
                        find(Breach.MAILED_OUT_OF_ORDER, event, handled(event).history()));
        evidence.events().stream()
                .filter(event ->
                        mails.getOrDefault(event.id(), 0L) - 1 > handled(event).unknowns())
                .forEach(event -> find(
                        Breach.REPEATED,
                        event,
                        mails.get(event.id()) + " mails, " + handled(event).unknowns() + " unknown outcomes"));
        evidence.mails().stream()
                .filter(mail -> !events.containsKey(mail.eventId()))
                .forEach(mail -> findings.add(
                        new Finding(Breach.NEVER_ACCEPTED, mail.orderId(), "a mail of event " + mail.eventId())));
    }

    private void judgeAccount() {
        if (!evidence.audit().isEmpty()) {
            findings.add(new Finding(Breach.AUDIT, "", evidence.audit()));
        }
    }

    /** Of these in the order in which they came, those that came behind a later one of their order. */
    private List<Event> overtaken(List<String> ids) {
        Map<String, Long> latest = new HashMap<>();
        List<Event> late = new ArrayList<>();
        for (String id : ids) {
            Event event = events.get(id);
            if (event != null && latest.merge(event.orderId(), event.version(), Math::max) > event.version()) {
                late.add(event);
            }
        }
        return late;
    }

    private Handled handled(Event event) {
        return evidence.handled().getOrDefault(event.id(), NOT_HANDLED);
    }

    private void find(Breach breach, Event event, String more) {
        String what = "%s %s, version %d%s"
                .formatted(event.type(), event.id(), event.version(), more.isEmpty() ? "" : ": " + more);
        findings.add(new Finding(breach, event.orderId(), what));
    }
}
