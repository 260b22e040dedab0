package dev.outboxrelay.demo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.docs.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The dashboard and the alerts. */
class MonitoringTest {

    private static final Path ROOT = Home.find().root();
    private static final JsonNode DASHBOARD =
            Yaml.documents(ROOT.resolve("deploy/grafana/outbox-relay.json")).get(0);
    private static final JsonNode ALERTS =
            Yaml.documents(ROOT.resolve("deploy/prometheus/alerts.yaml")).get(0);

    /** Series of ours, of Spring Boot's for HTTP, and of the connection pool's. */
    private static final Pattern SERIES =
            Pattern.compile("\\b(?:outbox_relay|mail_worker|http_server|hikaricp|jvm|process)_\\w+");

    /** A word before a brace or a bracket is a series in any case. */
    private static final Pattern SELECTED = Pattern.compile("\\b([a-z]\\w+)[{\\[]");

    @Test
    void every_metric_of_the_dashboard_and_of_the_alerts_is_one_that_an_application_has() {
        DocumentedMetrics known = DocumentedMetrics.read();
        Set<String> used = used();

        assertThat(used).hasSizeGreaterThan(30).allMatch(known::has);
        assertThat(known.has("outbox_relay_lag_second"))
                .as("a slip of the pen is found")
                .isFalse();
    }

    @Test
    void the_dashboard_shows_every_metric_of_the_relay_and_of_the_worker() {
        Set<String> shown = new HashSet<>();
        queries().forEach(expression -> shown.addAll(series(expression)));

        // How often either has begun, and what has been consumed, other figures tell as well.
        assertThat(DocumentedMetrics.read().names().stream()
                        .filter(name -> name.startsWith("outbox_relay_") || name.startsWith("mail_worker_"))
                        .filter(name -> !Set.of(
                                        "outbox_relay_lag_transactions",
                                        "outbox_relay_in_flight_bytes",
                                        "mail_worker_consumed_total",
                                        "mail_worker_runs_total")
                                .contains(name)))
                .allMatch(name -> shown.contains(name) || shown.contains(name + "_bucket"));
    }

    @Test
    void every_state_in_a_query_is_one_that_there_is() {
        String relay = Page.read(ROOT.resolve("outbox-relay/README.md")).text();
        String everything = Stream.concat(
                        queries(), rules().map(rule -> rule.path("expr").asString()))
                .reduce("", (one, other) -> one + "\n" + other);

        assertThat(Pattern.compile("outbox_relay_state\\{[^}]*state[!=~]+\"([A-Z|]+)\"")
                        .matcher(everything)
                        .results()
                        .flatMap(found -> Stream.of(found.group(1).split("\\|", -1))))
                .isNotEmpty()
                .allSatisfy(state -> assertThat(relay).contains("\n| `" + state + "` |"));
        assertThat(Pattern.compile("mail_worker_outcomes_total\\{[^}]*outcome=\"(\\w+)\"")
                        .matcher(everything)
                        .results()
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .isSubsetOf("sent", "duplicate", "retried", "held", "unknown", "parked", "given_back");
    }

    @Test
    void every_panel_asks_the_data_source_that_was_chosen_and_no_two_stand_in_one_place() {
        List<String> places = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : DASHBOARD.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            JsonNode place = panel.path("gridPos");
            assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    places.add((place.path("x").asInt() + x) + ":"
                            + (place.path("y").asInt() + y));
                }
            }
            panel.path("targets").forEach(target -> assertThat(
                            target.path("datasource").path("uid").asString())
                    .isEqualTo("${datasource}"));
        }
        assertThat(places).doesNotHaveDuplicates();
        assertThat(DASHBOARD
                        .path("templating")
                        .path("list")
                        .path(0)
                        .path("type")
                        .asString())
                .isEqualTo("datasource");
    }

    @Test
    void every_alert_says_what_it_is_how_bad_and_where_to_read_on() {
        assertThat(rules()).hasSizeGreaterThan(15).allSatisfy(rule -> {
            String alert = rule.path("alert").asString();
            JsonNode annotations = rule.path("annotations");
            assertThat(alert).isNotBlank();
            assertThat(rule.path("labels").path("severity").asString())
                    .as(alert)
                    .isIn("warning", "critical");
            assertThat(annotations.path("summary").asString()).as(alert).isNotBlank();
            assertThat(annotations.path("description").asString()).as(alert).isNotBlank();
            String[] runbook = annotations.path("runbook").asString().split("#", 2);
            assertThat(runbook).as(alert).hasSize(2);
            assertThat(Page.read(ROOT.resolve(runbook[0])).anchors()).as(alert).contains(runbook[1]);
        });
        assertThat(rules().map(rule -> rule.path("alert").asString())).doesNotHaveDuplicates();
    }

    /** The series of all queries. */
    static Set<String> used() {
        Set<String> used = new HashSet<>();
        Stream.concat(queries(), rules().map(rule -> rule.path("expr").asString()))
                .forEach(expression -> used.addAll(series(expression)));
        return used;
    }

    private static Set<String> series(String expression) {
        Set<String> names = new HashSet<>();
        SERIES.matcher(expression).results().forEach(found -> names.add(found.group()));
        SELECTED.matcher(expression).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    private static Stream<String> queries() {
        return DASHBOARD
                .path("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> target.path("expr").asString());
    }

    private static Stream<JsonNode> rules() {
        return ALERTS.path("groups").valueStream().flatMap(group -> group.path("rules")
                .valueStream());
    }
}
