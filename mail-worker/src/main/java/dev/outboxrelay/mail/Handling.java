package dev.outboxrelay.mail;

/** Decides what is to become of a delivery. */
@FunctionalInterface
public interface Handling {
    /** Handles one delivery. Deliveries of one order must not be handled at the same time. */
    Settlement handle(Incoming message) throws InterruptedException;
}
