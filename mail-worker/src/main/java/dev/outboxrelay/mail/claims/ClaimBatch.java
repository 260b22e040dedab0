package dev.outboxrelay.mail.claims;

import dev.outboxrelay.mail.Claim;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.Parking;
import dev.outboxrelay.mail.claims.ProcessedMessages.ClaimRules;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Claims a group of messages: inserts all of them at once, a row that was there already being left as it is, then looks
 * at whose they are. Who finds his own token in the row sends the mail; there is no check before the act.
 */
final class ClaimBatch {
    private final Connection connection;
    private final ClaimRules rules;

    ClaimBatch(Connection connection, ClaimRules rules) {
        this.connection = connection;
        this.rules = rules;
    }

    /** The answers, in the order of the requests; true once the transaction is committed. */
    List<Claim> claim(List<ClaimRequest> requests) throws SQLException {
        if (requests.isEmpty()) {
            return List.of();
        }
        insert(requests.stream()
                .sorted(Comparator.comparing(ClaimRequest::messageId))
                .toList());
        Map<String, ClaimRow> rows = rows(requests);
        List<Claim> answers = new ArrayList<>();
        for (ClaimRequest request : requests) {
            ClaimRow row = Objects.requireNonNull(rows.get(request.messageId()), "the row just inserted");
            ClaimRow earlier = rows.values().stream()
                    .filter(other -> other.orderKey().equals(row.orderKey()) && other.isOpen() && other.isBefore(row))
                    .findAny()
                    .orElse(null);
            answers.add(answer(request, row, earlier));
        }
        return answers;
    }

    private void insert(List<ClaimRequest> requests) throws SQLException {
        String one = "(?, ?, ?, ?, 'SENDING', ?, TIMESTAMPADD(MICROSECOND, ?, NOW(6)))";
        List<Object> values = new ArrayList<>();
        for (ClaimRequest request : requests) {
            values.add(rules.consumer());
            values.add(request.messageId());
            values.add(request.orderKey());
            values.add(request.version());
            values.add(request.token());
            values.add(micros(rules.lease()));
        }
        Sql.update(
                connection,
                "INSERT INTO processed_messages"
                        + " (consumer, message_id, aggregate_id, aggregate_version, state, claimed_by, lease_until) VALUES "
                        + String.join(", ", Collections.nCopies(requests.size(), one))
                        + " ON DUPLICATE KEY UPDATE processed_messages.message_id = processed_messages.message_id",
                values);
    }

    /**
     * The rows of these messages, and the open ones of their orders. A new message's own is among the latter; only those
     * that were settled before are asked for.
     */
    private Map<String, ClaimRow> rows(List<ClaimRequest> requests) throws SQLException {
        Map<String, ClaimRow> rows = rows(
                "processed_messages_by_order",
                "state IN ('SENDING', 'WAITING') AND aggregate_id",
                requests.stream().map(ClaimRequest::orderKey).distinct().toList());
        List<String> settled = requests.stream()
                .map(ClaimRequest::messageId)
                .filter(id -> !rows.containsKey(id))
                .distinct()
                .toList();
        if (!settled.isEmpty()) {
            rows.putAll(rows("PRIMARY", "message_id", settled));
        }
        return rows;
    }

    private Map<String, ClaimRow> rows(String index, String column, List<String> keys) throws SQLException {
        Map<String, ClaimRow> rows = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + ClaimRow.COLUMNS + " FROM processed_messages FORCE INDEX (" + index
                        + ") WHERE consumer = ? AND " + column + " IN ("
                        + Sql.marks(keys.size()) + ")")) {
            Sql.set(
                    select,
                    Stream.concat(Stream.of(rules.consumer()), keys.stream()).toList());
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    ClaimRow row = ClaimRow.read(found);
                    rows.put(row.messageId(), row);
                }
            }
        }
        return rows;
    }

    private Claim answer(ClaimRequest request, ClaimRow row, @Nullable ClaimRow earlier) throws SQLException {
        return switch (row.state()) {
            case "SENT" -> Claim.Settled.before();
            case "SENDING" -> {
                if (!row.claimedBy().equals(request.token())) {
                    yield row.lease().isNegative() || row.lease().isZero()
                            ? abandoned(request, row)
                            : new Claim.NotYet(row.lease(), row.attempts());
                }
                yield earlier == null ? granted(request, row, 1, false) : behind(row, earlier);
            }
            case "WAITING" -> {
                if (row.untilDue().compareTo(Duration.ZERO) > 0) {
                    yield new Claim.NotYet(row.untilDue(), row.attempts());
                }
                yield earlier == null ? takeOver(request, row, false) : behind(row, earlier);
            }
            default ->
                row.isDropped()
                        ? Claim.Settled.before()
                        : new Claim.GivenUp(
                                row.parking(), false); // FAILED and UNKNOWN: the table's CHECK knows no others
        };
    }

    /** The worker that claimed it never said what became of it: it may have died before or after the mail server's 250. */
    private Claim abandoned(ClaimRequest request, ClaimRow row) throws SQLException {
        if (row.unknowns() < rules.resends()) {
            return takeOver(request, row, true);
        }
        Parking parking = new Parking(
                ParkReason.UNKNOWN_OUTCOME,
                "the worker that was sending it has gone: give a verdict with resolve",
                null,
                row.attempts(),
                row.age());
        boolean ours = update(
                row,
                "state = 'UNKNOWN', unknowns = unknowns + 1, unknown_at = NOW(6), lease_until = NULL, reason = ?, detail = ?",
                List.of(parking.reason().name(), parking.detail()));
        return ours ? new Claim.GivenUp(parking, true) : tooLate(row);
    }

    private Claim takeOver(ClaimRequest request, ClaimRow row, boolean unknown) throws SQLException {
        String counted = unknown ? ", unknowns = unknowns + 1, unknown_at = NOW(6)" : "";
        boolean ours = update(
                row,
                "state = 'SENDING', claimed_by = ?, attempts = attempts + 1, retry_at = NULL,"
                        + " lease_until = TIMESTAMPADD(MICROSECOND, ?, NOW(6))" + counted,
                List.of(request.token(), micros(rules.lease())));
        return ours ? granted(request, row, row.attempts() + 1, unknown) : tooLate(row);
    }

    private Claim behind(ClaimRow row, ClaimRow earlier) throws SQLException {
        if (row.age().compareTo(rules.orderWait()) > 0) {
            Parking parking = new Parking(
                    ParkReason.BEHIND,
                    "message " + earlier.messageId() + " of the same order is still not settled",
                    row.reply(),
                    row.attempts(),
                    row.age());
            boolean ours = update(
                    row,
                    "state = 'FAILED', lease_until = NULL, retry_at = NULL, reason = ?, detail = ?",
                    List.of(parking.reason().name(), parking.detail()));
            return ours ? new Claim.GivenUp(parking, true) : tooLate(row);
        }
        if (row.state().equals("SENDING")) {
            update(row, "state = 'WAITING', attempts = 0, lease_until = NULL", List.of());
        }
        Duration until = earlier.state().equals("SENDING") ? earlier.lease() : earlier.untilDue();
        return new Claim.Behind(earlier.messageId(), row.age(), until.isNegative() ? Duration.ZERO : until);
    }

    /** Somebody else was faster: ask again soon. */
    private static Claim tooLate(ClaimRow row) {
        return new Claim.NotYet(Duration.ofSeconds(1), row.attempts());
    }

    private boolean update(ClaimRow row, String assignments, List<Object> values) throws SQLException {
        List<Object> all = new ArrayList<>(values);
        all.addAll(List.of(rules.consumer(), row.messageId(), row.claimedBy(), row.state()));
        return Sql.update(
                        connection,
                        "UPDATE processed_messages SET " + assignments
                                + " WHERE consumer = ? AND message_id = ? AND claimed_by = ? AND state = ?",
                        all)
                == 1;
    }

    private static Claim granted(ClaimRequest request, ClaimRow row, int attempt, boolean afterUnknown) {
        return new Claim.Granted(
                row.messageId(),
                request.token(),
                attempt,
                row.age(),
                afterUnknown,
                row.unknowns() + (afterUnknown ? 1 : 0),
                request.leaseEndNanos());
    }

    private static long micros(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
    }
}
