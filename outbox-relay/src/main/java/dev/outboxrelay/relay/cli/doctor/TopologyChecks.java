package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.BrokerSettings.Address;
import dev.outboxrelay.relay.Destination;
import dev.outboxrelay.relay.RelayConfig;
import dev.outboxrelay.relay.RelayConfig.Unroutable;
import dev.outboxrelay.relay.Settings;
import dev.outboxrelay.relay.rabbit.ManagementApi;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is behind the exchange. AMQP does not show it; the management API does, where it is configured. */
final class TopologyChecks {

    private static final String NOT_CONFIGURED =
            "not looked at: only the management API shows bindings and queues, and relay.broker-management.url is not set";

    /** The answer's date has whole seconds, and the server looks at its clock once a second. */
    private static final Duration DATE_GRAIN = Duration.ofSeconds(2);

    private final Settings settings;
    private final List<Destination> destinations;
    private final Set<String> queues = new TreeSet<>();
    private @Nullable Outcome clock;

    TopologyChecks(Settings settings, List<Destination> destinations) {
        this.settings = settings;
        this.destinations = destinations;
    }

    void run(Series series) throws InterruptedException {
        ManagementApi api = api(settings);
        if (api == null) {
            for (String check : List.of("management", "clock", "bindings", "queues", "dead letters")) {
                series.check(check, () -> Outcome.skipped(NOT_CONFIGURED));
            }
            return;
        }
        String vhost = settings.broker().all().get(0).virtualHost();
        Routes routes = new Routes(api, vhost);
        QueueChecks queueChecks = new QueueChecks(api, vhost, queues);
        series.require("management", () -> management(api, vhost));
        series.check("clock", () -> Objects.requireNonNull(clock));
        series.check("bindings", () -> bindings(routes));
        series.check("queues", queueChecks::queues);
        series.check("dead letters", queueChecks::deadLetters);
    }

    /** What would come where; null where the management API is not configured. */
    static @Nullable Routes routes(Settings settings) {
        ManagementApi api = api(settings);
        return api == null
                ? null
                : new Routes(api, settings.broker().all().get(0).virtualHost());
    }

    private static @Nullable ManagementApi api(Settings settings) {
        RelayConfig.BrokerManagement management = settings.relay().brokerManagement();
        URI url = management.url();
        Address address = settings.broker().all().get(0);
        return url == null
                ? null
                : new ManagementApi(
                        url,
                        String.valueOf(management.username() == null ? address.user() : management.username()),
                        String.valueOf(management.password() == null ? address.password() : management.password()),
                        settings.brokerTls());
    }

    private Outcome management(ManagementApi api, String vhost) {
        Instant before = Instant.now();
        try {
            ManagementApi.Answer answer = api.get("vhosts", vhost)
                    .orElseThrow(() -> new IOException(
                            "user %s does not see virtual host %s there".formatted(api.username(), vhost)));
            clock = Clocks.compare(answer.date(), DATE_GRAIN, before, Instant.now());
            return Outcome.ok("%s lets %s in".formatted(api.url(), api.username()));
        } catch (IOException e) {
            return Outcome.failed(
                    String.valueOf(e.getMessage()),
                    "Correct relay.broker-management.url, .username and .password, or: rabbitmqctl set_user_tags %s management"
                            .formatted(api.username()));
        }
    }

    private Outcome bindings(Routes routes) throws IOException {
        if (destinations.isEmpty()) {
            return Outcome.skipped("no routing key is known, see routing keys");
        }
        List<Outcome> problems = new ArrayList<>();
        Set<String> unjudged = new TreeSet<>();
        for (Destination destination : destinations) {
            Routes.Reached reached = routes.of(destination.exchange(), destination.routingKey());
            queues.addAll(reached.queues());
            if (reached.queues().isEmpty() && reached.unjudged().isEmpty()) {
                problems.add(unbound(destination));
            }
            unjudged.addAll(reached.unjudged());
        }
        if (problems.isEmpty() && queues.isEmpty()) {
            return Outcome.skipped(
                    "the bindings of %s decide by more than the routing key".formatted(String.join(", ", unjudged)));
        }
        return Outcome.of(problems, "%s reach %s".formatted(Destination.list(destinations), String.join(", ", queues)));
    }

    private Outcome unbound(Destination destination) {
        String evidence = "no queue is bound to %s for %s".formatted(destination.exchange(), destination.routingKey());
        String fix = "rabbitmqadmin declare binding source=%s destination=YOUR_QUEUE routing_key=%s"
                .formatted(destination.exchange(), destination.routingKey());
        return settings.relay().unroutable() == Unroutable.PARK
                ? Outcome.warning(evidence + ": its events go into quarantine", fix)
                : Outcome.failed(evidence + ": the relay stops before its first event", fix);
    }
}
