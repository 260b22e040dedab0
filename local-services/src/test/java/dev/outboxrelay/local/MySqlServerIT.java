package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MySqlServerIT {

    @TempDir
    static Path directory;

    private static MySqlServer server;

    @BeforeAll
    static void start() {
        server = MySqlServer.start(directory.resolve("mysql"));
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void every_commit_is_durable_and_in_a_row_binlog_with_gtids() throws SQLException {
        assertThat(query(
                        server,
                        "SELECT CONCAT_WS(' ', @@log_bin, @@binlog_format, @@gtid_mode, @@enforce_gtid_consistency,"
                                + " @@sync_binlog, @@innodb_flush_log_at_trx_commit, @@time_zone, @@bind_address)"))
                .isEqualTo("1 ROW ON ON 1 1 +00:00 127.0.0.1");
    }

    @Test
    void nobody_gets_in_without_the_password() {
        for (String password : List.of("", "root")) {
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(""), "root", password))
                    .hasMessageContaining("Access denied");
        }
    }

    @Test
    void what_was_committed_is_there_after_a_kill_on_the_same_port() throws SQLException {
        int port = server.port();
        update(
                "CREATE DATABASE killed",
                "CREATE TABLE killed.t (a INT PRIMARY KEY)",
                "INSERT INTO killed.t VALUES (7)");

        server.kill();
        server.kill();
        assertThat(server.isRunning()).isFalse();
        server.start();
        server.start();

        assertThat(server.port()).isEqualTo(port);
        assertThat(query(server, "SELECT a FROM killed.t")).isEqualTo("7");
    }

    @Test
    void it_restarts_in_good_order() throws SQLException {
        long pid = server.pid();
        server.restart();
        assertThat(server.pid()).isNotEqualTo(pid);
        assertThat(query(server, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void while_frozen_it_is_silent_and_then_goes_on() throws SQLException {
        server.freeze();
        assertThat(server.isRunning()).isTrue();
        assertThatThrownBy(() -> DriverManager.getConnection(
                        server.jdbcUrl("?connectTimeout=300&socketTimeout=300"), "root", server.rootPassword()))
                .isInstanceOf(SQLException.class);

        server.thaw();

        assertThat(query(server, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void a_frozen_server_can_be_stopped() {
        server.freeze();
        server.stop();
        server.stop();
        assertThat(server.isRunning()).isFalse();
        server.start();
    }

    @Test
    void a_second_server_has_its_own_identity_and_the_options_given() throws SQLException {
        MySqlServer second = MySqlServer.builder()
                .serverId(2)
                .options("--gtid-mode=OFF", "--enforce-gtid-consistency=OFF")
                .start(directory.resolve("second"));
        long pid = second.pid();
        try (second) {
            assertThat(query(second, "SELECT CONCAT_WS(' ', @@server_id, @@gtid_mode)"))
                    .isEqualTo("2 OFF");
            assertThat(query(second, "SELECT @@server_uuid")).isNotEqualTo(query(server, "SELECT @@server_uuid"));
        }
        second.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(directory.resolve("second")).doesNotExist();
    }

    @Test
    void a_server_is_found_again_by_its_directory() {
        MySqlServer again = MySqlServer.start(directory.resolve("mysql"));
        assertThat(again.pid()).isEqualTo(server.pid());
        assertThat(again.rootPassword()).isEqualTo(server.rootPassword());
    }

    @Test
    void a_taken_port_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MySqlOptions options = MySqlServer.builder().port(taken.getLocalPort());
            assertThatThrownBy(() -> options.start(directory.resolve("taken")))
                    .isInstanceOf(LocalServiceException.class)
                    .hasMessageContaining("MySQL wants port " + taken.getLocalPort());
        }
    }

    @Test
    void an_option_that_mysql_does_not_know_shows_the_end_of_its_log() {
        MySqlOptions options = MySqlServer.builder().options("--no-such-option");
        assertThatThrownBy(() -> options.start(directory.resolve("wrong")))
                .isInstanceOf(LocalServiceException.class)
                .hasMessageContaining("no-such-option");
    }

    private static void update(String... statements) throws SQLException {
        try (Connection connection = server.connect()) {
            for (String statement : statements) {
                connection.createStatement().executeUpdate(statement);
            }
        }
    }

    private static String query(MySqlServer from, String sql) throws SQLException {
        try (Connection connection = from.connect();
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }
}
