package dev.outboxrelay.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.local.junit.MySqlExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** [orders], [relay] and [mail] stand for the schemas of this test. */
class GrantsIT {
    private static final String PASSWORD = "p4ss";

    @RegisterExtension
    static final MySqlExtension mysql = new MySqlExtension();

    private static Names names = Names.DEFAULT;

    @BeforeAll
    static void migrate() {
        names = new Names(mysql.freshPrefix());
        Migrate.run(
                mysql.server().jdbcUrl(""),
                "root",
                mysql.server().rootPassword(),
                names,
                new Passwords(PASSWORD, PASSWORD, PASSWORD, PASSWORD));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        order_app    | INSERT INTO [orders].orders (id, placed_by, customer, email, locale, currency, total_minor, status, version) VALUES (UUID_TO_BIN(UUID()), 'a', 'b', 'c', 'en', 'EUR', 1, 'PLACED', 1)
        order_app    | INSERT INTO [orders].outbox (id, aggregatetype, aggregateid, type, payload) VALUES (UUID_TO_BIN(UUID()), 'Order', '1', 'OrderPlaced', JSON_OBJECT())
        order_app    | SELECT status FROM [orders].orders FOR UPDATE
        order_app    | SELECT name FROM [orders].order_lines
        order_app    | UPDATE [orders].orders SET status = 'PAID', version = version + 1
        order_app    | INSERT INTO [orders].idempotency_keys (caller, idempotency_key, fingerprint, status, etag, body) VALUES ('a', 'b', '', 201, '1', '')
        order_app    | SELECT body FROM [orders].idempotency_keys
        order_app    | DELETE FROM [orders].idempotency_keys
        outbox_relay | SELECT id, payload FROM [orders].outbox
        outbox_relay | DELETE FROM [orders].outbox WHERE aggregateid = 'nobody'
        outbox_relay | SHOW CREATE TABLE [orders].outbox
        outbox_relay | SHOW REPLICAS
        outbox_relay | SHOW BINARY LOGS
        outbox_relay | INSERT INTO [relay].relay_lease VALUES ('a', 'b', 1, NOW())
        outbox_relay | UPDATE [relay].relay_lease SET epoch = epoch + 1
        outbox_relay | DELETE FROM [relay].relay_lease
        outbox_relay | REPLACE INTO [relay].relay_state VALUES ('a', 'b', 'STANDBY', '', NOW(), NOW())
        outbox_relay | SELECT * FROM [mail].confirmations
        outbox_relay | INSERT INTO [relay].relay_unconfirmed (name, source_table, event_id) VALUES ('a', 'b', 'c')
        mail_worker  | INSERT INTO [mail].processed_messages (consumer, message_id, state) VALUES ('a', 'b', 'SENDING')
        mail_worker  | UPDATE [mail].processed_messages SET state = 'SENT'
        mail_worker  | SELECT * FROM [mail].processed_messages
        mail_worker  | DELETE FROM [mail].processed_messages
        auditor      | SELECT * FROM [orders].orders
        auditor      | SELECT * FROM [orders].outbox
        auditor      | SELECT * FROM [relay].relay_offset
        auditor      | SELECT * FROM [relay].relay_state
        auditor      | SELECT * FROM [mail].processed_messages
        """)
    void each_user_can_do_what_it_must(String user, String statement) throws SQLException {
        execute(user, statement);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        order_app    | SELECT * FROM [orders].outbox
        order_app    | SELECT COUNT(*) FROM [orders].outbox
        order_app    | UPDATE [orders].outbox SET type = 'x'
        order_app    | DELETE FROM [orders].outbox
        order_app    | INSERT INTO [orders].outbox (id, aggregatetype, aggregateid, type, payload) VALUES (1, 'a', 'b', 'c', '1') ON DUPLICATE KEY UPDATE type = 'x'
        order_app    | TRUNCATE TABLE [orders].outbox
        order_app    | DELETE FROM [orders].orders
        order_app    | UPDATE [orders].orders SET total_minor = 0
        order_app    | UPDATE [orders].orders SET placed_by = 'me'
        order_app    | UPDATE [orders].order_lines SET quantity = 1
        order_app    | DELETE FROM [orders].order_lines
        order_app    | UPDATE [orders].idempotency_keys SET body = ''
        order_app    | CREATE TABLE [orders].mine (id INT)
        order_app    | ALTER TABLE [orders].orders ADD mine INT
        order_app    | SELECT * FROM [orders].flyway_schema_history
        order_app    | SELECT * FROM [relay].relay_offset
        order_app    | SELECT * FROM [mail].processed_messages
        order_app    | SHOW BINARY LOGS
        outbox_relay | INSERT INTO [orders].outbox (id, aggregatetype, aggregateid, type, payload) VALUES (1, 'a', 'b', 'c', '1')
        outbox_relay | UPDATE [orders].outbox SET type = 'x'
        outbox_relay | SELECT * FROM [orders].orders
        outbox_relay | SELECT * FROM [orders].order_lines
        outbox_relay | SELECT * FROM [orders].idempotency_keys
        outbox_relay | SELECT * FROM [mail].processed_messages
        outbox_relay | DELETE FROM [mail].confirmations
        outbox_relay | DROP TABLE [relay].relay_offset
        outbox_relay | CREATE TABLE [relay].mine (id INT)
        outbox_relay | FLUSH TABLES WITH READ LOCK
        outbox_relay | LOCK TABLES [orders].outbox READ
        outbox_relay | PURGE BINARY LOGS BEFORE NOW()
        outbox_relay | SELECT user FROM mysql.user
        mail_worker  | SELECT * FROM [orders].orders
        mail_worker  | SELECT * FROM [orders].outbox
        mail_worker  | SELECT * FROM [relay].relay_offset
        mail_worker  | CREATE TABLE [mail].mine (id INT)
        mail_worker  | SHOW BINARY LOGS
        auditor      | UPDATE [orders].orders SET status = 'PAID'
        auditor      | INSERT INTO [relay].relay_lease VALUES ('a', 'b', 1, NOW())
        auditor      | DELETE FROM [mail].processed_messages
        auditor      | SELECT user FROM mysql.user
        """)
    void each_user_is_refused_what_it_must_not_do(String user, String statement) {
        assertThatThrownBy(() -> execute(user, statement))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getMessage()).containsAnyOf("denied"));
    }

    @ParameterizedTest
    @CsvSource({"order_app", "outbox_relay", "mail_worker", "auditor"})
    void an_underscore_in_a_schema_name_opens_no_other_schema(String user) throws SQLException {
        try (Connection root = mysql.server().connect();
                Statement statement = root.createStatement();
                ResultSet grants = statement.executeQuery("SHOW GRANTS FOR '" + names.prefix() + user + "'")) {
            while (grants.next()) {
                assertThat(grants.getString(1)).doesNotContainPattern("`" + names.prefix() + "[a-z]+`\\.\\*");
            }
        }
    }

    private static void execute(String user, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(mysql.server().jdbcUrl(""), names.prefix() + user, PASSWORD);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql.replaceAll("\\[([a-z]+)]", names.prefix() + "$1"));
            connection.rollback();
        }
    }
}
