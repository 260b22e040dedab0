package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.BrokerSettings.Address;
import dev.outboxrelay.relay.Destination;
import dev.outboxrelay.relay.RelayConfig;
import dev.outboxrelay.relay.Settings;
import dev.outboxrelay.relay.rabbit.BrokerProbe;
import dev.outboxrelay.relay.rabbit.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The broker, as a relay sees it. */
final class BrokerChecks {

    private final Settings settings;
    private final RelayConfig config;
    private final List<Destination> destinations;
    private final @Nullable Routes routes;
    private @Nullable BrokerProbe open;
    private @Nullable Address reached;

    /** @param routes by the management API; null where it is not configured */
    BrokerChecks(Settings settings, List<Destination> destinations, @Nullable Routes routes) {
        this.settings = settings;
        config = settings.relay();
        this.destinations = destinations;
        this.routes = routes;
    }

    void run(Series series) throws InterruptedException {
        try {
            series.require("reachable", this::reachable);
            series.check("version", () -> Versions.rabbit(probe().product(), probe().version()));
            series.check(
                    "tls",
                    () -> Tls.ofRabbit(
                            Objects.requireNonNull(reached).host(), probe().tlsProtocol(), probe().certificateEnd()));
            series.check("exchange", this::exchange);
            series.check("publishing", this::publishing);
            series.check("confirm", this::confirm);
            series.check("alarms", this::alarms);
        } finally {
            if (open != null) {
                open.close();
            }
        }
    }

    private BrokerProbe probe() {
        return Objects.requireNonNull(open);
    }

    /** Every address, since a relay may need the others one day. */
    private Outcome reachable() {
        List<Outcome> problems = new ArrayList<>();
        List<String> answering = new ArrayList<>();
        for (Address address : settings.broker().all()) {
            try {
                BrokerProbe probe = BrokerProbe.connect(settings.broker(), settings.brokerTls(), address);
                answering.add(
                        "%s lets %s into virtual host %s".formatted(address, address.user(), address.virtualHost()));
                if (open == null) {
                    open = probe;
                    reached = address;
                } else {
                    probe.close();
                }
            } catch (IOException e) {
                problems.add(Outcome.warning(String.valueOf(e.getMessage()), fix(address, e)));
            }
        }
        if (answering.isEmpty()) {
            Outcome all = Outcome.of(problems, "");
            return Outcome.failed(all.evidence(), String.valueOf(all.fix()));
        }
        return Outcome.of(problems, String.join("; ", answering));
    }

    private String fix(Address address, IOException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return "Give the authority that signed the broker's certificate in spring.rabbitmq.ssl.bundle, and the host name that it is for; a port that does not speak TLS (5672) wants amqp://";
            }
        }
        Refusal refusal = BrokerProbe.refusal(thrown);
        if (refusal.kind() == Refusal.Kind.FORBIDDEN) {
            return refusal.words().equals("login")
                    ? "Correct spring.rabbitmq.username and .password, or: rabbitmqctl change_password %s"
                            .formatted(address.user())
                    : "Correct spring.rabbitmq.virtual-host, or: rabbitmqctl add_vhost %s; %s"
                            .formatted(address.virtualHost(), permit(address));
        }
        return "Start RabbitMQ there, open the way to its port, or correct spring.rabbitmq.addresses";
    }

    private Outcome exchange() {
        List<Outcome> problems = new ArrayList<>();
        Set<String> names = exchanges();
        for (String name : names) {
            Refusal missing = probe().exchange(name);
            if (missing == null) {
                different(name, problems);
            } else if (missing.kind() == Refusal.Kind.MISSING
                    && !config.exchangeToDeclare().isEmpty()) {
                problems.add(Outcome.warning(
                        "%s is not there yet; the relay declares it when it starts, but no queue can be bound before"
                                .formatted(name),
                        "rabbitmqadmin declare exchange name=%s type=topic durable=true".formatted(name)));
            } else {
                problems.add(Outcome.failed(
                        "%s: %s".formatted(name, missing.words()),
                        "Declare it: rabbitmqadmin declare exchange name=%s type=topic durable=true; or correct relay.exchange"
                                .formatted(name)));
            }
        }
        return names.isEmpty()
                ? Outcome.skipped("relay.exchange depends on the event, and no event stands in the outbox")
                : Outcome.of(problems, String.join(", ", names));
    }

    private void different(String name, List<Outcome> problems) {
        Refusal refusal = config.exchangeToDeclare().isEmpty() ? null : probe().declare(name);
        if (refusal == null) {
            return;
        }
        problems.add(
                refusal.kind() == Refusal.Kind.FORBIDDEN
                        ? Outcome.failed(
                                "the relay declares %s when it starts, and this user may not: %s"
                                        .formatted(name, refusal.words()),
                                permit(Objects.requireNonNull(reached)))
                        : Outcome.failed(
                                "%s is not a durable topic exchange: %s".formatted(name, refusal.words()),
                                "Let relay.exchange name another one, or delete this one with its bindings and declare it anew: rabbitmqadmin declare exchange name=%s type=topic durable=true"
                                        .formatted(name)));
    }

    private Set<String> exchanges() {
        return config.exchangeToDeclare().isEmpty()
                ? destinations.stream().map(Destination::exchange).collect(Collectors.toCollection(TreeSet::new))
                : Set.of(config.exchangeToDeclare());
    }

    private Outcome publishing() {
        Map<String, Set<String>> keys = destinations.stream()
                .collect(Collectors.groupingBy(
                        Destination::exchange,
                        Collectors.mapping(Destination::routingKey, Collectors.toCollection(TreeSet::new))));
        List<Outcome> problems = new ArrayList<>();
        for (String exchange : exchanges()) {
            if (probe().exchange(exchange) != null) {
                continue;
            }
            Refusal refusal = probe().publishing(exchange, keys.getOrDefault(exchange, Set.of("doctor")));
            if (probe().alarm() != null) {
                return Outcome.skipped("the broker is blocked, see alarms");
            }
            if (refusal != null) {
                problems.add(Outcome.failed(
                        refusal.words(),
                        refusal.kind() == Refusal.Kind.FORBIDDEN
                                ? permit(Objects.requireNonNull(reached))
                                : "Look at the broker's log"));
            }
        }
        return Outcome.of(problems, "%s may publish; tried in a transaction that was rolled back".formatted(user()));
    }

    private Outcome confirm() {
        if (probe().alarm() != null) {
            return Outcome.skipped("the broker is blocked, see alarms");
        }
        Refusal refusal = probe().confirm();
        if (refusal == null) {
            return Outcome.ok("a message to a temporary queue was confirmed");
        }
        return refusal.kind() == Refusal.Kind.FORBIDDEN ? confirmReturned() : unconfirmed(refusal);
    }

    /** A relay may make no queue. It may publish to its exchange; a message that comes back from there has reached nobody. */
    private Outcome confirmReturned() {
        String exchange = config.exchangeToDeclare();
        String mayNot = user() + " may not make a temporary queue to try it, and a relay need not; ";
        if (routes == null || exchange.isEmpty() || probe().exchange(exchange) != null) {
            return Outcome.skipped(mayNot + "whether a message to the exchange would come back can't be known");
        }
        String unbound = "doctor." + UUID.randomUUID();
        try {
            Routes.Reached reached = routes.of(exchange, unbound);
            if (!reached.queues().isEmpty() || !reached.unjudged().isEmpty()) {
                return Outcome.skipped(
                        "%sany message to %s reaches %s".formatted(mayNot, exchange, String.join(", ", reached.all())));
            }
        } catch (IOException e) {
            return Outcome.skipped(
                    mayNot + "whether a message to the exchange would come back is not told: " + e.getMessage());
        }
        Refusal refusal = probe().confirmReturned(exchange, unbound);
        return refusal == null
                ? Outcome.ok("a message that no queue is bound for came back and was confirmed")
                : unconfirmed(refusal);
    }

    private Outcome unconfirmed(Refusal refusal) {
        if (probe().alarm() != null) {
            return Outcome.skipped("the broker is blocked, see alarms");
        }
        return refusal.kind() == Refusal.Kind.FORBIDDEN
                ? Outcome.skipped("%s may not publish, see publishing".formatted(user()))
                : Outcome.failed(refusal.words(), "Look at the broker's log, and at its disk");
    }

    private Outcome alarms() {
        String alarm = probe().alarm();
        return alarm == null
                ? Outcome.ok("none")
                : Outcome.failed(
                        "the broker takes nothing: " + alarm,
                        "Free memory or disk there, or raise its limit: rabbitmqctl set_vm_memory_high_watermark, rabbitmqctl set_disk_free_limit");
    }

    /** What a relay must be allowed to: configure and write its exchange, and nothing else. */
    private String permit(Address address) {
        String own = config.exchangeToDeclare();
        String exchange = own.isEmpty() ? ".*" : "^" + own.replace(".", "\\.") + "$";
        return "rabbitmqctl set_permissions -p %s %s '%s' '%s' '^$'"
                .formatted(address.virtualHost(), address.user(), exchange, exchange);
    }

    private String user() {
        return String.valueOf(Objects.requireNonNull(reached).user());
    }
}
