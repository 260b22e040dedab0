package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.web.filter.OncePerRequestFilter;

class OperationsIT {
    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension().with(ThreadWatch.class);

    @Test
    void health_and_metrics_are_on_the_management_port_only() {
        assertThat(app.management().get("/actuator/health").text()).contains("\"status\":\"UP\"");
        assertThat(app.management().get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(app.management().get("/actuator/prometheus").text()).contains("hikaricp_connections_active");
        assertThat(app.api().get("/actuator/prometheus").status()).isEqualTo(404);
        assertThat(app.management().get("/actuator/env").status()).isEqualTo(404);
    }

    @Test
    void a_load_balancer_can_ask_on_the_api_port_without_a_token() {
        assertThat(app.api().withToken("").get("/livez").status()).isEqualTo(200);
        assertThat(app.api().withToken("").get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void metrics_count_requests_by_route_and_answer_and_name_no_order() {
        String id = app.api()
                .post("/v1/orders", Bodies.placeOrder())
                .json()
                .get("id")
                .stringValue();
        app.api().post("/v1/orders/" + id + "/payment", "");

        assertThat(app.management().get("/actuator/prometheus").text())
                .containsPattern("http_server_requests_seconds_count\\{.*status=\"201\",uri=\"/v1/orders\"")
                .contains("/payment\"")
                .doesNotContain(id);
    }

    @Test
    void requests_are_served_by_virtual_threads_where_the_jdk_has_them() {
        app.api().post("/v1/orders", Bodies.placeOrder());

        assertThat(app.bean(ThreadWatch.class).sawVirtual)
                .isEqualTo(Runtime.version().feature() >= 21);
    }

    /** Looks at the thread that serves a request. */
    static final class ThreadWatch extends OncePerRequestFilter {
        private volatile boolean sawVirtual;

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            sawVirtual = isVirtual(Thread.currentThread());
            chain.doFilter(request, response);
        }

        /** By reflection, since Java 17 has neither virtual threads nor the question. */
        private static boolean isVirtual(Thread thread) {
            try {
                return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
            } catch (NoSuchMethodException e) {
                return false;
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("Thread.isVirtual", e);
            }
        }
    }
}
