package dev.outboxrelay.chaos;

/** A way in which the promise can be broken. */
enum Breach {
    REFUSED("a command that had to be accepted was refused"),
    UNANSWERED("a command was not answered although all was well again"),
    NOT_COMMITTED("a command was answered 2xx, and its event is not in the outbox"),
    NEVER_ACCEPTED("an event or a mail of something that nobody accepted"),
    SKIPPED("an event was not published before the relay's offset passed it"),
    PUBLISHED_OUT_OF_ORDER("an event was published behind a later one of its order"),
    LOST("an event has no mail"),
    MAILED_OUT_OF_ORDER("a mail came behind a later one of its order"),
    REPEATED("an event has more mails than the mail worker has counted unknown outcomes"),
    AUDIT("the relay's own account says that events are missing");

    private final String meaning;

    Breach(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
