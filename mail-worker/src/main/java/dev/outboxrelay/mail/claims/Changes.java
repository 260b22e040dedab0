package dev.outboxrelay.mail.claims;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Applies a group of changes; each holds or not by itself. */
final class Changes {
    private final Connection connection;
    private final String consumer;

    Changes(Connection connection, String consumer) {
        this.connection = connection;
        this.consumer = consumer;
    }

    /** Whether each change found its row still signed with its token, in the order given. */
    List<Boolean> apply(List<Change> changes) throws SQLException {
        Set<String> sent = sent(changes.stream().filter(Change::isSent).toList());
        List<Boolean> held = new ArrayList<>();
        for (Change change : changes) {
            held.add(change.isSent() ? sent.contains(change.token()) : one(change));
        }
        return held;
    }

    private boolean one(Change change) throws SQLException {
        List<Object> values = new ArrayList<>(change.values());
        values.addAll(List.of(consumer, change.messageId(), change.token()));
        return Sql.update(
                        connection,
                        "UPDATE processed_messages SET " + change.assignments()
                                + " WHERE consumer = ? AND message_id = ? AND claimed_by = ?",
                        values)
                == 1;
    }

    /** A token is used once, so a row whose id and token are both in the lists is that change's own. */
    private Set<String> sent(List<Change> changes) throws SQLException {
        if (changes.isEmpty()) {
            return Set.of();
        }
        List<Object> values = new ArrayList<>();
        StringBuilder replies = new StringBuilder("CASE message_id");
        for (Change change : changes) {
            replies.append(" WHEN ? THEN ?");
            values.add(change.messageId());
            values.add(change.reply());
        }
        values.add(consumer);
        List<String> tokens = changes.stream().map(Change::token).toList();
        List<String> keys =
                new ArrayList<>(changes.stream().map(Change::messageId).toList());
        keys.addAll(tokens);
        values.addAll(keys);
        String ours = " WHERE consumer = ? AND message_id IN (" + Sql.marks(changes.size()) + ") AND claimed_by IN ("
                + Sql.marks(changes.size()) + ")";
        int changed = Sql.update(
                connection,
                "UPDATE processed_messages FORCE INDEX (PRIMARY) SET " + Change.SENT.replace("?", replies + " END")
                        + ours,
                values);
        return changed == changes.size() ? new HashSet<>(tokens) : stillOurs(ours, keys);
    }

    private Set<String> stillOurs(String ours, List<String> keys) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT claimed_by FROM processed_messages" + ours)) {
            List<Object> values = new ArrayList<>(List.of(consumer));
            values.addAll(keys);
            Sql.set(select, values);
            Set<String> tokens = new HashSet<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    tokens.add(rows.getString(1));
                }
            }
            return tokens;
        }
    }
}
