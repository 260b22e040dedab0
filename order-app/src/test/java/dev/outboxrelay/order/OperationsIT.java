package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OperationsIT {
    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension();

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
}
