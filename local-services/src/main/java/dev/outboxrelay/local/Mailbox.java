package dev.outboxrelay.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The mails received so far, numbered from 1 in the order in which they came; a number is never used again. */
final class Mailbox {

    private final List<ReceivedMail> mails = new ArrayList<>();
    private long cleared;

    synchronized void add(ReceivedMail mail) {
        mails.add(mail);
        notifyAll();
    }

    synchronized List<ReceivedMail> all() {
        return List.copyOf(mails);
    }

    synchronized Optional<ReceivedMail> get(long number) {
        long index = number - cleared - 1;
        return index < 0 || index >= mails.size() ? Optional.empty() : Optional.of(mails.get((int) index));
    }

    synchronized void clear() {
        cleared += mails.size();
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
