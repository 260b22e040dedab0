package dev.outboxrelay.chaos;

import dev.outboxrelay.chaos.Evidence.Mail;
import dev.outboxrelay.chaos.Schedule.Step;
import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.OrderMails;
import dev.outboxrelay.demo.Progress;
import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.ReceivedMail;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Faults upon a rig while customers order, then peace, and what is known by then. */
final class Campaign {

    private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(2);
    private static final Duration AUDITED_WITHIN = Duration.ofMinutes(2);

    /** Their mails, which come last, show that nothing more is under way. */
    private static final int LAST_ORDERS = 8;

    private final Rig rig;
    private final Customers customers;
    private final Progress progress;
    private final Books books;
    private final Witness witness;
    private final Purge purge;
    private final Storm storm;

    Campaign(Rig rig, Customers customers, Progress progress) {
        this.rig = rig;
        this.customers = customers;
        this.progress = progress;
        this.books = new Books(rig.pipeline());
        this.witness = new Witness(
                rig.pipeline().services().rabbit().uri(rig.pipeline().scope().vhost()));
        this.purge = new Purge(rig, books, witness, progress);
        this.storm = new Storm(rig, progress, this::standing);
    }

    /** All faults that can be chosen from, by kind. */
    List<List<Fault>> allFaults() {
        return Faults.all(rig, purge);
    }

    /**
     * Carries it out from start to end. Returns once all is settled, or will not be.
     *
     * @param length how long there are faults, unless they are at an end before
     */
    Evidence run(Iterator<Step> schedule, Duration length) throws InterruptedException {
        progress.say("starting " + String.join(", ", rig.apps().keySet()));
        rig.heal();
        witness.listen();
        Settling settling = new Settling(books, progress);
        customers.placeMore(1);
        settling.await();
        customers.start();
        storm.rage(schedule, length);
        progress.say("no more faults; starting whatever does not run");
        rig.heal();
        customers.finish(ANSWERED_WITHIN);
        settling.await();
        customers.placeMore(LAST_ORDERS);
        settling.await();
        return evidence();
    }

    /** By kind, how many faults there were. */
    Map<String, Integer> faults() {
        return storm.faults();
    }

    private Evidence evidence() {
        progress.say("reading the mailbox, the outbox, what the mail worker has recorded and what RabbitMQ was given");
        List<Mail> mails = mails().stream()
                .map(mail ->
                        new Mail(mail.header("X-Event-Id").orElse(""), OrderMails.orderId(mail), mail.receivedAt()))
                .toList();
        return new Evidence(
                customers.ledger().answers(),
                books.events(),
                books.handled(),
                mails,
                witness.tell(),
                purge.purged(),
                audit());
    }

    /** What the relay's own account misses; empty if nothing. */
    private String audit() {
        Home home = Home.find();
        try (ChildProcess audit = ChildProcess.command(
                        "audit", home.root().resolve("bin/outbox-relay").toString(), "audit")
                .env(rig.pipeline().outboxRelay().environment())
                .start()) {
            return audit.awaitExit(AUDITED_WITHIN) == 0 ? "" : audit.output();
        }
    }

    private String standing() {
        Ledger ledger = customers.ledger();
        return "%d orders, %d commands, %d mails"
                .formatted(ledger.placedCount(), ledger.acceptedCount(), mails().size());
    }

    private List<ReceivedMail> mails() {
        return rig.pipeline().services().sink().mails();
    }
}
