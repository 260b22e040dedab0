package dev.outboxrelay.mail;

/** What became of one mail, in the classes of RFC 5321. */
public sealed interface SendOutcome {
    <R> R on(Cases<R> cases);

    /** One method per case. */
    interface Cases<R> {
        R accepted(Accepted accepted);

        R refused(Refused refused);

        R deferred(Deferred deferred);

        R unknown(Unknown unknown);

        R throttled(Throttled throttled);

        R unavailable(Unavailable unavailable);
    }

    /** 2yz after the final dot: the mail is the server's now. */
    record Accepted(String reply) implements SendOutcome {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.accepted(this);
        }
    }

    /**
     * 5yz, or a mail that no server could take: it will never be sent as it is.
     *
     * @param detail the server's reply where the reason is {@link ParkReason#REFUSED}, else what is wrong
     */
    record Refused(ParkReason reason, String detail) implements SendOutcome {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.refused(this);
        }
    }

    /** 4yz, or the connection was lost before the final dot: certainly not taken, worth another try. */
    record Deferred(String reply) implements SendOutcome {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.deferred(this);
        }
    }

    /** The connection was lost after the final dot and before the reply: taken or not, nobody can tell (RFC 1047). */
    record Unknown(String cause) implements SendOutcome {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.unknown(this);
        }
    }

    /** 421 or 454: too much at once. Sending has been slowed down; no attempt is used up. */
    record Throttled(String reply) implements SendOutcome {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.throttled(this);
        }
    }

    /** No mail can be sent at present: server down, not reachable, or it does not accept us. No attempt is used up. */
    record Unavailable(String cause) implements SendOutcome {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.unavailable(this);
        }
    }
}
