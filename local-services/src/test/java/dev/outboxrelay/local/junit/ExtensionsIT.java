package dev.outboxrelay.local.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ExtensionsIT {

    @RegisterExtension
    static final MySqlExtension mysql = new MySqlExtension();

    @RegisterExtension
    static final RabbitMqExtension rabbit = new RabbitMqExtension();

    @RegisterExtension
    static final SmtpExtension smtp = new SmtpExtension();

    @Test
    void each_caller_gets_its_own_prefix_and_virtual_host_on_one_server() throws SQLException {
        assertThat(mysql.freshPrefix()).isNotEqualTo(mysql.freshPrefix());
        assertThat(rabbit.freshVhost()).isNotEqualTo(rabbit.freshVhost());
        assertThat(rabbit.server()).isSameAs(new RabbitMqExtension().server());
        assertThat(smtp.sink().mails()).isEmpty();
        try (Connection connection = mysql.server().connect()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }
}
