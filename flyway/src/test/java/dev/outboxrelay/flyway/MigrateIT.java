package dev.outboxrelay.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.local.junit.MySqlExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MigrateIT {
    @RegisterExtension
    static final MySqlExtension mysql = new MySqlExtension();

    private final Names names = new Names(mysql.freshPrefix());

    @Test
    void a_second_run_changes_nothing() throws SQLException {
        migrate(new Passwords("a", "b", "c", "d"));
        List<String> before = state();
        migrate(new Passwords("a", "b", "c", "d"));

        assertThat(state()).isEqualTo(before).hasSizeGreaterThan(10);
    }

    @Test
    void two_runs_at_the_same_time_do_not_collide() throws SQLException {
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> migrate(new Passwords("a", "b", "c", "d")));
        CompletableFuture<Void> two = CompletableFuture.runAsync(() -> migrate(new Passwords("a", "b", "c", "d")));
        CompletableFuture.allOf(one, two).join();

        login(names.orderApp(), "a").close();
    }

    @Test
    void a_changed_password_holds_and_the_old_one_no_longer_does() throws SQLException {
        migrate(new Passwords("old", "b", "c", "d"));
        migrate(new Passwords("it's \\ \"new\" 密码", "b", "c", "d"));

        login(names.orderApp(), "it's \\ \"new\" 密码").close();
        assertThatThrownBy(() -> login(names.orderApp(), "old")).hasMessageContaining("Access denied");
    }

    @Test
    void a_wrong_root_password_is_one_sentence_without_the_password() {
        assertThatThrownBy(() -> Migrate.run(
                        mysql.server().jdbcUrl(""), "root", "wr0ng", names, new Passwords("a", "b", "c", "d")))
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining("refused the password of root")
                .hasMessageNotContaining("wr0ng");
    }

    @Test
    void a_migration_that_was_changed_afterwards_is_refused() throws SQLException {
        migrate(new Passwords("a", "b", "c", "d"));
        try (Connection root = mysql.server().connect();
                Statement statement = root.createStatement()) {
            statement.execute("UPDATE " + names.mail() + ".flyway_schema_history SET checksum = 1 WHERE version = '1'");
        }

        assertThatThrownBy(() -> migrate(new Passwords("a", "b", "c", "d")))
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining("Schema " + names.mail())
                .hasMessageContaining("checksum mismatch");
    }

    @Test
    void the_command_migrates_and_says_so() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Map<String, String> environment = Map.of(
                "MYSQL_HOST", mysql.server().host(),
                "MYSQL_PORT", String.valueOf(mysql.server().port()),
                "MYSQL_ROOT_PASSWORD", mysql.server().rootPassword(),
                "ORDER_APP_PASSWORD", "s3cret",
                "OUTBOX_RELAY_PASSWORD", "s3cret",
                "MAIL_WORKER_PASSWORD", "s3cret",
                "AUDITOR_PASSWORD", "s3cret");

        assertThat(MigrateCommand.run(new String[0], environment, stream, stream))
                .isEqualTo(MigrateCommand.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("up to date").doesNotContain("s3cret");
    }

    private void migrate(Passwords passwords) {
        Migrate.run(mysql.server().jdbcUrl(""), "root", mysql.server().rootPassword(), names, passwords);
    }

    private Connection login(String user, String password) throws SQLException {
        return DriverManager.getConnection(mysql.server().jdbcUrl(""), user, password);
    }

    /** Tables, migrations with the time they ran, and grants. */
    private List<String> state() throws SQLException {
        List<String> state = new ArrayList<>();
        try (Connection root = mysql.server().connect();
                Statement statement = root.createStatement()) {
            for (Schema schema : Schema.of(names)) {
                add(
                        state,
                        statement,
                        "SELECT table_name, create_time FROM information_schema.tables" + " WHERE table_schema = '"
                                + schema.name() + "' ORDER BY 1");
                add(state, statement, "SELECT script, installed_on FROM " + schema.name() + ".flyway_schema_history");
            }
            for (String user : List.of(names.orderApp(), names.outboxRelay(), names.mailWorker(), names.auditor())) {
                add(state, statement, "SHOW GRANTS FOR '" + user + "'");
            }
        }
        return state;
    }

    private static void add(List<String> state, Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                state.add(rows.getString(1) + (rows.getMetaData().getColumnCount() > 1 ? " " + rows.getString(2) : ""));
            }
        }
    }
}
