package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;

class KeyRequiredIT {
    private static final TraceCollector collector = new TraceCollector();

    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension(
            "--order-app.idempotency.key=required",
            "--order-app.security=none",
            "--order-app.idempotency.sweep=100ms",
            "--management.opentelemetry.tracing.export.otlp.endpoint=" + collector.uri());

    @AfterAll
    static void end() {
        collector.close();
    }

    @Test
    void without_an_idempotency_key_it_is_400_where_one_is_required() {
        assertThat(app.api().post("/v1/orders", Bodies.placeOrder()).status()).isEqualTo(400);
        assertThat(app.api()
                        .post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "a")
                        .status())
                .isEqualTo(201);
    }

    /** More than the sweeper takes at a time. */
    @Test
    void keys_that_have_expired_are_swept_however_many_they_are_and_no_other() {
        JdbcTemplate root = app.database().root();
        root.update("INSERT INTO idempotency_keys (caller, idempotency_key, fingerprint, status, etag, body)"
                + " VALUES ('old', 'known', '', 201, '', '')");
        root.update(
                "INSERT INTO idempotency_keys (caller, idempotency_key, fingerprint, status, etag, body, created_at)"
                        + " WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 501)"
                        + " SELECT 'old', CONCAT(n, twice), '', 201, '', '', NOW(6) - INTERVAL 2 DAY"
                        + " FROM n JOIN (SELECT 'a' AS twice UNION ALL SELECT 'b') two");

        await().atMost(Duration.ofSeconds(30)).until(() -> root.queryForList(
                        "SELECT idempotency_key FROM idempotency_keys WHERE caller = 'old'", String.class)
                .equals(List.of("known")));
    }

    @Test
    void the_span_of_a_request_goes_where_spans_are_to_go() {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        app.api()
                .post(
                        "/v1/orders",
                        Bodies.placeOrder(),
                        "Idempotency-Key",
                        "traced",
                        "traceparent",
                        "00-" + trace + "-b7ad6b7169203331-01");

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            app.bean(SdkTracerProvider.class).forceFlush();
            return collector.has(trace);
        });
    }

    @Test
    void anybody_may_do_anything_where_security_is_switched_off() {
        Api nobody = app.api().withToken("");
        assertThat(nobody.post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "b")
                        .status())
                .isEqualTo(201);
    }
}
