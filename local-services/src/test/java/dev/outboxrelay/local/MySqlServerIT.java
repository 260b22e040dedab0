package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MySqlServerIT {

    @TempDir
    Path directory;

    @Test
    void a_client_can_connect_and_the_binlog_is_as_debezium_wants_it() throws SQLException {
        try (MySqlServer server = MySqlServer.start(directory.resolve("mysql"))) {
            try (Connection connection = server.connect();
                    ResultSet row = connection
                            .createStatement()
                            .executeQuery("SELECT @@log_bin, @@binlog_format, @@gtid_mode, @@sync_binlog,"
                                    + " @@innodb_flush_log_at_trx_commit, @@time_zone")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("1");
                assertThat(row.getString(2)).isEqualTo("ROW");
                assertThat(row.getString(3)).isEqualTo("ON");
                assertThat(row.getString(4)).isEqualTo("1");
                assertThat(row.getString(5)).isEqualTo("1");
                assertThat(row.getString(6)).isEqualTo("+00:00");
            }
        }
    }
}
