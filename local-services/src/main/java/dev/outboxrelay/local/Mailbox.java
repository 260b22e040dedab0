package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The mails received so far, numbered from 1 in the order in which they came; a number is never used again. */
final class Mailbox {

    private final List<ReceivedMail> mails = new ArrayList<>();
    private final @Nullable Spool spool;
    private long cleared;

    private Mailbox(@Nullable Spool spool) {
        this.spool = spool;
    }

    /** A mailbox that ends with its JVM. */
    static Mailbox inMemory() {
        return new Mailbox(null);
    }

    /** A mailbox whose mails are in that file too, and come from there if it exists. */
    static Mailbox in(Path file) throws IOException {
        Spool spool = Spool.open(file);
        Spool.Content content = spool.read();
        Mailbox mailbox = new Mailbox(spool);
        mailbox.mails.addAll(content.mails());
        mailbox.cleared = content.cleared();
        return mailbox;
    }

    synchronized void add(ReceivedMail mail) throws IOException {
        if (spool != null) {
            spool.append(mail);
        }
        mails.add(mail);
        notifyAll();
    }

    synchronized List<ReceivedMail> all() {
        return List.copyOf(mails);
    }

    /** A mail and its number. */
    record Numbered(long number, ReceivedMail mail) {}

    /** The mails with a number above that one. */
    synchronized List<Numbered> after(long number) {
        List<Numbered> later = new ArrayList<>();
        for (long next = Math.max(number, cleared) + 1; next <= cleared + mails.size(); next++) {
            later.add(new Numbered(next, mails.get((int) (next - cleared - 1))));
        }
        return later;
    }

    synchronized Optional<ReceivedMail> get(long number) {
        long index = number - cleared - 1;
        return index < 0 || index >= mails.size() ? Optional.empty() : Optional.of(mails.get((int) index));
    }

    synchronized void clear() {
        long total = cleared + mails.size();
        try {
            if (spool != null) {
                spool.clear(total);
            }
        } catch (IOException e) {
            throw new LocalServiceException("Cannot clear the spool of mails", e);
        }
        cleared = total;
        mails.clear();
    }

    /** Waits until there are at least so many mails. Returns all that are there then, fewer if the time was up. */
    synchronized List<ReceivedMail> await(int count, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (mails.size() < count) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return List.copyOf(mails);
    }
}
