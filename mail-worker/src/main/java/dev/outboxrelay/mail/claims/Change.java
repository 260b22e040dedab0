package dev.outboxrelay.mail.claims;

import dev.outboxrelay.mail.Claim;
import java.util.List;

/**
 * A change to a row that holds only while the row is signed with the token.
 *
 * @param assignments the SET clause after the state; its parameters are {@code values}
 */
record Change(String messageId, String token, String assignments, List<Object> values) {
    /** The commonest change, which is why a group of them becomes one statement. */
    static final String SENT = "state = 'SENT', sent_at = NOW(6), lease_until = NULL, retry_at = NULL, smtp_reply = ?";

    static Change sent(Claim.Granted claim, String reply) {
        return new Change(claim.messageId(), claim.token(), SENT, List.of(reply));
    }

    boolean isSent() {
        return assignments.equals(SENT);
    }

    String reply() {
        return (String) values.get(0);
    }
}
