package dev.outboxrelay.bench.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Connections as order-app has them: prepared on the server, and no question asked that is not needed. */
final class Mysql {

    private static final String OPTIONS = "?cachePrepStmts=true&useServerPrepStmts=true&prepStmtCacheSqlLimit=2048"
            + "&cacheServerConfiguration=true&useLocalSessionState=true&elideSetAutoCommits=true&maintainTimeStats=false"
            + "&openTelemetry=DISABLED";

    private Mysql() {}

    static Connection connect(LoadSettings settings) throws SQLException {
        return DriverManager.getConnection(
                settings.required("BENCH_MYSQL_URL") + OPTIONS, "root", settings.required("BENCH_MYSQL_PASSWORD"));
    }
}
