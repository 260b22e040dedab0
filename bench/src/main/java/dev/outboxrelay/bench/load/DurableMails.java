package dev.outboxrelay.bench.load;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The ceiling of a worker that sends mails one by one: a claim on disk, the mail, a mark on disk. No broker, no template, no
 * duplicates, no order, no second try.
 */
final class DurableMails implements Work {

    private static final String CLAIM =
            "INSERT INTO processed_messages (consumer, message_id, aggregate_id, aggregate_version, state, claimed_by,"
                    + " lease_until) VALUES ('bare-loop', ?, ?, 1, 'SENDING', ?, TIMESTAMPADD(SECOND, 60, NOW(6)))";
    private static final String MARK =
            "UPDATE processed_messages SET state = 'SENT', sent_at = NOW(6), lease_until = NULL, smtp_reply = ?"
                    + " WHERE consumer = 'bare-loop' AND message_id = ? AND claimed_by = ?";

    private final Connection connection;
    private final PreparedStatement claim;
    private final PreparedStatement mark;
    private final SmtpClient smtp;

    private DurableMails(Connection connection, SmtpClient smtp) throws SQLException {
        this.connection = connection;
        this.claim = connection.prepareStatement(CLAIM);
        this.mark = connection.prepareStatement(MARK);
        this.smtp = smtp;
    }

    static DurableMails connect(LoadSettings settings) throws SQLException, IOException {
        SmtpClient smtp = SmtpClient.connect(
                settings.required("BENCH_SMTP_HOST"),
                (int) settings.number("BENCH_SMTP_PORT"),
                settings.file("BENCH_MAIL_FILE"));
        return new DurableMails(Mysql.connect(settings), smtp);
    }

    @Override
    public void once() throws SQLException, IOException {
        String id = UUID.randomUUID().toString();
        String token = UUID.randomUUID().toString();
        claim.setString(1, id);
        claim.setString(2, id);
        claim.setString(3, token);
        claim.executeUpdate();
        mark.setString(1, smtp.send("orders@localhost", "customer@example.com"));
        mark.setString(2, id);
        mark.setString(3, token);
        if (mark.executeUpdate() != 1) {
            throw new IllegalStateException("The claim of " + id + " is gone");
        }
    }

    @Override
    public void close() throws SQLException, IOException {
        smtp.close();
        connection.close();
    }
}
