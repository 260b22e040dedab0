package dev.outboxrelay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.chaos.Evidence.Answers;
import dev.outboxrelay.chaos.Evidence.Command;
import dev.outboxrelay.chaos.Evidence.Event;
import dev.outboxrelay.chaos.Evidence.Handled;
import dev.outboxrelay.chaos.Evidence.Mail;
import dev.outboxrelay.chaos.Evidence.Publication;
import dev.outboxrelay.chaos.Verdict.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One order that was placed and paid, all as it should be, and what is said when a single thing is not. */
class VerdictTest {

    private static final Event PLACED = new Event("event-1", "order", "OrderPlaced", 1);
    private static final Event PAID = new Event("event-2", "order", "OrderPaid", 2);
    private static final Mail PLACED_MAIL = new Mail("event-1", "order", Instant.EPOCH);
    private static final Mail PAID_MAIL = new Mail("event-2", "order", Instant.EPOCH);

    private final List<Command> accepted =
            new ArrayList<>(List.of(new Command("order", "OrderPlaced"), new Command("order", "OrderPaid")));
    private final List<String> refused = new ArrayList<>();
    private final List<String> unanswered = new ArrayList<>();
    private final List<Event> events = new ArrayList<>(List.of(PLACED, PAID));
    private final Map<String, Handled> handled = new HashMap<>(
            Map.of("event-1", new Handled("SENT", 0, "attempts 1"), "event-2", new Handled("SENT", 0, "attempts 1")));
    private final List<Mail> mails = new ArrayList<>(List.of(PLACED_MAIL, PAID_MAIL));
    private final List<Publication> publications =
            new ArrayList<>(List.of(new Publication("event-1", false), new Publication("event-2", false)));
    private final Set<String> purged = new HashSet<>();
    private String audit = "";

    @Test
    void one_mail_for_each_event_in_order_is_all_that_was_promised() {
        assertThat(verdict().isKept()).isTrue();
        assertThat(verdict().figures()).isEqualTo(new Figures(1, 2, 2, 0, 0, 0, 0, 2, 0, 3));
    }

    @Test
    void an_event_without_a_mail_is_lost_and_the_state_of_its_message_is_told() {
        mails.remove(PAID_MAIL);
        handled.put("event-2", new Handled("WAITING", 0, "attempts 1"));

        assertThat(findings())
                .containsExactly(new Finding(Breach.LOST, "order", "OrderPaid event-2, version 2: WAITING"));
        assertThat(verdict().figures().lost()).isEqualTo(1);
        assertThat(verdict().figures().mailed()).isEqualTo(1);
    }

    @Test
    void a_mail_behind_a_later_one_of_its_order_is_found() {
        mails.remove(PLACED_MAIL);
        mails.add(PLACED_MAIL);

        assertThat(findings())
                .containsExactly(
                        new Finding(Breach.MAILED_OUT_OF_ORDER, "order", "OrderPlaced event-1, version 1: attempts 1"));
    }

    @Test
    void a_mail_that_a_purge_has_delayed_may_be_late() {
        mails.remove(PLACED_MAIL);
        mails.add(PLACED_MAIL);
        purged.add("event-1");

        assertThat(findings()).isEmpty();
    }

    @Test
    void the_purge_of_the_later_mail_does_not_excuse_the_earlier_one() {
        mails.remove(PLACED_MAIL);
        mails.add(PLACED_MAIL);
        purged.add("event-2");

        assertThat(breaches()).containsExactly(Breach.MAILED_OUT_OF_ORDER);
    }

    @Test
    void mails_of_different_orders_may_come_in_any_order() {
        accepted.add(new Command("other", "OrderPlaced"));
        events.add(new Event("event-3", "other", "OrderPlaced", 1));
        handled.put("event-3", new Handled("SENT", 0, "attempts 1"));
        publications.add(new Publication("event-3", false));
        mails.add(0, new Mail("event-3", "other", Instant.EPOCH));

        assertThat(findings()).isEmpty();
    }

    @Test
    void a_repeated_mail_that_nobody_counted_as_unknown_is_found() {
        mails.add(PLACED_MAIL);

        assertThat(findings())
                .containsExactly(new Finding(
                        Breach.REPEATED, "order", "OrderPlaced event-1, version 1: 2 mails, 0 unknown outcomes"));
    }

    @Test
    void a_repeated_mail_that_was_counted_as_unknown_is_within_the_promise_even_behind_a_later_one() {
        mails.add(PLACED_MAIL);
        handled.put("event-1", new Handled("SENT", 1, "attempts 1"));

        assertThat(findings()).isEmpty();
        assertThat(verdict().figures().duplicated()).isEqualTo(1);
        assertThat(verdict().figures().unknown()).isEqualTo(1);
    }

    @Test
    void the_unknown_outcome_of_one_mail_does_not_excuse_the_repeat_of_another() {
        mails.add(PLACED_MAIL);
        handled.put("event-2", new Handled("SENT", 1, "attempts 1"));

        assertThat(breaches()).containsExactly(Breach.REPEATED);
    }

    @Test
    void a_command_that_was_accepted_and_is_not_in_the_outbox_is_found() {
        accepted.add(new Command("order", "OrderShipped"));

        assertThat(findings()).containsExactly(new Finding(Breach.NOT_COMMITTED, "order", "OrderShipped"));
    }

    @Test
    void an_order_that_nobody_was_promised_is_found() {
        accepted.removeIf(command -> command.type().equals("OrderPaid"));

        assertThat(breaches()).containsExactly(Breach.NEVER_ACCEPTED);
    }

    @Test
    void a_command_that_was_carried_out_twice_is_found() {
        events.add(new Event("event-3", "order", "OrderPaid", 3));
        publications.add(new Publication("event-3", false));
        mails.add(new Mail("event-3", "order", Instant.EPOCH));

        assertThat(breaches()).containsExactly(Breach.NEVER_ACCEPTED);
    }

    @Test
    void a_mail_of_an_event_that_is_not_in_the_outbox_is_found() {
        mails.add(new Mail("event-9", "ghost", Instant.EPOCH));

        assertThat(findings()).containsExactly(new Finding(Breach.NEVER_ACCEPTED, "ghost", "a mail of event event-9"));
    }

    @Test
    void what_only_verification_has_published_was_passed_over_by_the_offset() {
        publications.set(1, new Publication("event-2", true));

        assertThat(findings()).containsExactly(new Finding(Breach.SKIPPED, "order", "OrderPaid event-2, version 2"));
        assertThat(verdict().figures().redriven()).isEqualTo(1);
    }

    @Test
    void publishing_again_is_no_breach_and_neither_is_what_verification_brings_late() {
        publications.add(new Publication("event-1", false));
        publications.add(new Publication("event-1", true));

        assertThat(findings()).isEmpty();
    }

    @Test
    void an_event_published_behind_a_later_one_of_its_order_is_found() {
        publications.add(publications.remove(0));

        assertThat(breaches()).containsExactly(Breach.PUBLISHED_OUT_OF_ORDER);
    }

    @Test
    void refused_and_unanswered_commands_and_what_the_relay_misses_are_found() {
        refused.add("key-1: 404");
        unanswered.add("key-2: 503");
        audit = "MISSING event-1";

        assertThat(findings())
                .containsExactly(
                        new Finding(Breach.REFUSED, "", "key-1: 404"),
                        new Finding(Breach.UNANSWERED, "", "key-2: 503"),
                        new Finding(Breach.AUDIT, "", "MISSING event-1"));
    }

    private List<Breach> breaches() {
        return findings().stream().map(Finding::breach).toList();
    }

    private List<Finding> findings() {
        return verdict().findings();
    }

    private Verdict verdict() {
        Answers answers = new Answers(accepted, refused, unanswered, 3);
        return Verdict.of(new Evidence(answers, events, handled, mails, publications, purged, audit));
    }
}
