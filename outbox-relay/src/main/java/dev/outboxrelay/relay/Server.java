package dev.outboxrelay.relay;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the MySQL server says of itself and its binlog. Every method asks it anew. */
public final class Server {

    private final JdbcClient jdbc;

    public Server(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * {@code @@server_uuid}.
     *
     * @throws DataAccessException when the server can't be reached
     */
    public String uuid() {
        return Objects.requireNonNull(
                jdbc.sql("SELECT @@global.server_uuid").query(String.class).single());
    }

    /**
     * Whether every transaction has a GTID, so that a position holds on a replica as well. In the modes between {@code ON} and
     * {@code OFF} some have none: the set of executed ones says nothing there, and positions go by file.
     */
    public boolean hasGtids() {
        return "ON"
                .equals(jdbc.sql("SELECT @@global.gtid_mode")
                        .query(String.class)
                        .single());
    }

    /**
     * The end of the binlog. Every transaction before it has been written to the binlog, though it may not be visible yet where
     * GTIDs are off.
     */
    public Position currentPosition() {
        return usable(statedPosition());
    }

    /** The position in the terms that this server can resume by: without GTIDs where it has them switched off. */
    public Position usable(Position position) {
        return position.gtids() == null || hasGtids() ? position : position.withoutGtids();
    }

    private Position statedPosition() {
        try {
            return position("SHOW BINARY LOG STATUS");
        } catch (BadSqlGrammarException e) {
            return position("SHOW MASTER STATUS"); // before 8.2
        }
    }

    /**
     * Whether the server can go on from a position that was stored by it, or, with GTIDs, by any server that it replicates. That
     * its binlog has been reset since, it tells until the new one has got as far as the old one had.
     *
     * @return null if it can, else why not
     */
    public @Nullable String cannotResume(StoredOn stored) {
        String gtids = stored.position().gtids();
        String file = stored.position().file();
        boolean isOfThisServer = stored.serverUuid().equals(uuid());
        if (hasBeenReset(stored)) {
            return "the server's binlog does not reach as far: it has been reset since (RESET MASTER)";
        }
        if (hasGtids()) {
            return gtids == null
                    ? "it was stored while the server had GTIDs switched off, and says nothing of them"
                    : cannotResumeFrom(gtids);
        }
        if (!isOfThisServer) {
            return "it was stored by server %s, this is server %s, and without GTIDs a position holds on one server only"
                    .formatted(stored.serverUuid(), uuid());
        }
        return binlogFiles().containsKey(file) ? null : "the server has purged " + file;
    }

    /** Whether its binlog does not reach as far as a position that was stored by it. */
    public boolean hasBeenReset(StoredOn stored) {
        String file = stored.position().file();
        return stored.serverUuid().equals(uuid())
                && file != null
                && BinlogFiles.isBeyond(binlogFiles(), file, stored.position().pos());
    }

    /**
     * How many transactions the server has executed that the position does not hold.
     *
     * @return null where that can't be known, for want of GTIDs
     */
    public @Nullable Long transactionsBehind(Position confirmed) {
        String gtids = confirmed.gtids();
        if (gtids == null) {
            return null;
        }
        return jdbc.sql("SELECT GTID_SUBTRACT(@@global.gtid_executed, ?)")
                .param(gtids)
                .query(String.class)
                .optional()
                .map(GtidSets::count)
                .orElse(null);
    }

    /** Whether a position holds everything up to another one of the same server. */
    public boolean isReached(Position end, Position confirmed) {
        String gtids = end.gtids();
        if (gtids != null && confirmed.gtids() != null) {
            return Boolean.TRUE.equals(jdbc.sql("SELECT GTID_SUBSET(?, ?)")
                    .params(gtids, confirmed.gtids())
                    .query(Boolean.class)
                    .single());
        }
        return gtids == null && BinlogFiles.compare(confirmed, end) >= 0;
    }

    /**
     * How many bytes of binlog the server has written behind a position.
     *
     * @return null where it does not have that file, or another server stored the position: that one's files are called alike
     */
    public @Nullable Long bytesBehind(StoredOn stored) {
        String from = stored.position().file();
        Map<String, Long> files = binlogFiles();
        if (from == null || !files.containsKey(from) || !stored.serverUuid().equals(uuid())) {
            return null;
        }
        long bytes = files.entrySet().stream()
                .filter(file -> BinlogFiles.number(file.getKey()) >= BinlogFiles.number(from))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return Math.max(0, bytes - stored.position().pos());
    }

    /** How long the server keeps a binlog file after its last write, or null where it keeps all. */
    public @Nullable Duration binlogRetention() {
        long seconds = jdbc.sql("SELECT @@global.binlog_expire_logs_seconds")
                .query(Long.class)
                .single();
        return seconds == 0 ? null : Duration.ofSeconds(seconds);
    }

    /** A position and the server that it was read from. */
    public record StoredOn(Position position, String serverUuid) {}

    private @Nullable String cannotResumeFrom(String gtids) {
        return jdbc.sql("SELECT GTID_SUBSET(?, @@global.gtid_executed), GTID_SUBSET(@@global.gtid_purged, ?)")
                .params(gtids, gtids)
                .query((row, number) -> {
                    if (!row.getBoolean(1)) {
                        return "this server has never executed some of its transactions: it is not the one, nor a replica of it";
                    }
                    return row.getBoolean(2) ? "" : "the server has purged transactions behind it from its binlog";
                })
                .optional()
                .filter(reason -> !reason.isEmpty())
                .orElse(null);
    }

    /** Names and sizes of the binlog files that the server still has, in their order. */
    public Map<String, Long> binlogFiles() {
        Map<String, Long> files = new LinkedHashMap<>();
        jdbc.sql("SHOW BINARY LOGS").query(row -> {
            files.put(row.getString(1), row.getLong(2));
        });
        return files;
    }

    private Position position(String statement) {
        return jdbc.sql(statement).query(Server::position).single();
    }

    private static Position position(ResultSet row, int number) throws SQLException {
        Map<String, Object> offset = new LinkedHashMap<>();
        offset.put("file", row.getString("File"));
        offset.put("pos", row.getLong("Position"));
        String gtids = row.getString("Executed_Gtid_Set");
        if (gtids != null && !gtids.isEmpty()) {
            offset.put("gtids", gtids.replaceAll("\\s", ""));
        }
        return new Position(offset);
    }
}
