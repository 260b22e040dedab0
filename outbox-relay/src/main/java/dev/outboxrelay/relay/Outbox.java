package dev.outboxrelay.relay;

import dev.outboxrelay.relay.Server.StoredOn;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The outbox tables of one server, as they are now. */
final class Outbox {

    private final JdbcClient jdbc;
    private final RelayConfig config;
    private final Server server;
    private final TableSnapshot snapshot;

    Outbox(DataSource database, RelayConfig config) {
        this.config = config;
        jdbc = JdbcClient.create(database);
        server = new Server(jdbc);
        snapshot = new TableSnapshot(database, config.columns(), config.rowMapper());
    }

    /**
     * Makes sure that the tables can be published.
     *
     * @throws OutboxTable.UnfitException with every problem at once
     */
    List<OutboxTable> tables() {
        return OutboxTable.find(jdbc, config.tables(), config.expectedColumns());
    }

    /** Hands over every row that stands in the tables, see {@link TableSnapshot}. */
    long readAll(Position position, EventSink sink) throws SQLException, InterruptedException {
        return snapshot.read(tables(), position, sink);
    }

    /** Ends a {@link #readAll} that is under way in another thread, whatever it is waiting for. */
    void stopReading() {
        snapshot.abort();
    }

    JdbcClient jdbc() {
        return jdbc;
    }

    Server server() {
        return server;
    }

    String serverUuid() {
        return server.uuid();
    }

    Position currentPosition() {
        return server.currentPosition();
    }

    /** Null if the server can go on from there, else why not. */
    @Nullable String cannotResume(StoredOn stored) {
        return server.cannotResume(stored);
    }
}
