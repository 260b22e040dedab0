package dev.outboxrelay.demo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who may talk to whom in deploy/kubernetes. */
class NetworkPoliciesTest {

    private static final Manifests MANIFESTS = Manifests.read();
    private static final String LABEL = "app.kubernetes.io/name";
    private static final Pattern PORT = Pattern.compile(":(\\d+)(?:/|$)");

    @Test
    void what_is_not_allowed_is_forbidden() {
        JsonNode nothing = MANIFESTS.get("NetworkPolicy", "nothing").path("spec");

        assertThat(nothing.path("podSelector")).isEmpty();
        assertThat(nothing.path("policyTypes").valueStream().map(JsonNode::asString))
                .containsExactly("Ingress", "Egress");
        assertThat(nothing.has("egress") || nothing.has("ingress")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flyway", "order-app", "outbox-relay", "mail-worker", "outbox-relay-commands"})
    void a_pod_reaches_the_ports_of_its_addresses_and_no_others(String name) {
        Workload workload = MANIFESTS.workload(name);

        assertThat(ports(name, "egress")).isEqualTo(addressed(workload));
    }

    @Test
    void only_the_worker_reaches_the_mail_server_and_order_app_no_broker() {
        Map<String, String> worker = MANIFESTS.workload("mail-worker").settings();
        int smtp = Integer.parseInt(worker.getOrDefault("spring.mail.port", ""));
        int amqp = addressed(worker.getOrDefault("spring.rabbitmq.addresses", ""));

        assertThat(ports("mail-worker", "egress")).contains(smtp, amqp);
        assertThat(ports("outbox-relay", "egress")).contains(amqp).doesNotContain(smtp);
        assertThat(ports("order-app", "egress")).doesNotContain(smtp, amqp);
        assertThat(ports("flyway", "egress")).doesNotContain(smtp, amqp);
    }

    @Test
    void callers_reach_the_api_and_metrics_only_prometheus() {
        assertThat(ports("order-app", "ingress"))
                .containsExactlyInAnyOrder(8080, MANIFESTS.workload("order-app").port("management"));
        for (String app : Set.of("outbox-relay", "mail-worker")) {
            assertThat(ports(app, "ingress"))
                    .containsExactly(MANIFESTS.workload(app).port("management"));
        }
        MANIFESTS
                .of("NetworkPolicy")
                .forEach(policy -> policy.path("spec").path("ingress").forEach(rule -> {
                    boolean isApi = rule.path("ports").path(0).path("port").asInt() == 8080;
                    assertThat(rule.has("from")).as(Manifests.name(policy)).isNotEqualTo(isApi);
                }));
    }

    private static Set<Integer> ports(String name, String direction) {
        Set<Integer> ports = new TreeSet<>();
        MANIFESTS
                .of("NetworkPolicy")
                .filter(policy -> chosen(policy).contains(name))
                .forEach(policy -> policy.path("spec").path(direction).forEach(rule -> rule.path("ports")
                        .forEach(port -> ports.add(port.path("port").asInt()))));
        return ports;
    }

    private static Set<String> chosen(JsonNode policy) {
        Set<String> names = new HashSet<>();
        JsonNode selector = policy.path("spec").path("podSelector");
        names.add(selector.path("matchLabels").path(LABEL).asString(""));
        selector.path("matchExpressions").forEach(expression -> {
            assertThat(expression.path("key").asString()).isEqualTo(LABEL);
            expression.path("values").forEach(value -> names.add(value.asString()));
        });
        return names;
    }

    /** The ports in a workload's addresses. */
    private static Set<Integer> addressed(Workload workload) {
        Set<Integer> ports = new TreeSet<>();
        workload.settings().forEach((setting, value) -> {
            if (setting.equals("spring.datasource.url") || setting.equals("spring.rabbitmq.addresses")) {
                ports.add(addressed(value));
            } else if (setting.equals("spring.mail.port")) {
                ports.add(Integer.parseInt(value));
            }
        });
        if (workload.environment().containsKey("MYSQL_PORT")) {
            ports.add(Integer.parseInt(workload.environment().getOrDefault("MYSQL_PORT", "")));
        }
        return ports;
    }

    private static int addressed(String address) {
        Matcher port = PORT.matcher(address);
        assertThat(port.find()).as(address).isTrue();
        return Integer.parseInt(port.group(1));
    }
}
