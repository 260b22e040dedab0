package dev.outboxrelay.relay.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.relay.cli.doctor.Finding.Result;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the servers of the other tests can't be made to show. */
class JudgementTest {

    /** Of the block that is kept for documentation: nobody's host. */
    private static final String REMOTE = "192.0.2.1";

    private static final Instant NOW = Instant.parse("2026-11-28T00:00:00Z");

    @Test
    void old_releases_and_other_products_are_refused() {
        assertThat(Versions.mysql("8.0.33").result()).isEqualTo(Result.OK);
        assertThat(Versions.mysql("9.7.4-commercial").result()).isEqualTo(Result.OK);
        assertThat(Versions.mysql("5.7.44-log").result()).isEqualTo(Result.FAILED);
        assertThat(Versions.mysql("11.4.2-MariaDB").result()).isEqualTo(Result.FAILED);
        assertThat(Versions.rabbit("RabbitMQ", "3.10.8").result()).isEqualTo(Result.OK);
        assertThat(Versions.rabbit("RabbitMQ", "4.3.1").result()).isEqualTo(Result.OK);
        assertThat(Versions.rabbit("RabbitMQ", "3.9.29").result()).isEqualTo(Result.FAILED);
    }

    @Test
    void a_connection_to_another_machine_wants_a_verified_certificate() {
        assertThat(Tls.ofMySql(REMOTE, "", "PREFERRED", null).result()).isEqualTo(Result.WARNING);
        assertThat(Tls.ofMySql(REMOTE, "TLSv1.3", "REQUIRED", null).evidence()).contains("can pose as the server");
        assertThat(Tls.ofMySql(REMOTE, "TLSv1.3", "VERIFY_CA", null).result()).isEqualTo(Result.WARNING);
        assertThat(Tls.ofMySql(REMOTE, "TLSv1.3", "VERIFY_IDENTITY", null).result())
                .isEqualTo(Result.OK);
        assertThat(Tls.ofRabbit(REMOTE, null, null).evidence()).contains("not encrypted");
        assertThat(Tls.ofRabbit("127.0.0.1", null, null).result()).isEqualTo(Result.OK);
    }

    @Test
    void a_clock_is_judged_by_what_the_way_there_and_its_grain_leave_open() {
        Instant after = NOW.plusSeconds(2);
        assertThat(Clocks.compare(NOW.minusMillis(900), Duration.ZERO, NOW, after)
                        .result())
                .isEqualTo(Result.OK);
        assertThat(Clocks.compare(NOW.minusMillis(1900), Duration.ofSeconds(1), NOW, after)
                        .result())
                .isEqualTo(Result.OK);
        assertThat(Clocks.compare(NOW.minusSeconds(90), Duration.ZERO, NOW, after)
                        .evidence())
                .contains("1m 30s behind");
        assertThat(Clocks.compare(NOW.plusSeconds(92), Duration.ZERO, NOW, after)
                        .evidence())
                .contains("1m 30s ahead");
    }
}
