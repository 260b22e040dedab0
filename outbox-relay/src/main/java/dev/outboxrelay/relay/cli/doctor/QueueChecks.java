package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.rabbit.ManagementApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The queues that events come into: whether they keep them. They are the consumers', so that most is a warning. */
final class QueueChecks {

    private final ManagementApi api;
    private final String vhost;
    private final Set<String> names;

    /** @param names filled before it is asked */
    QueueChecks(ManagementApi api, String vhost, Set<String> names) {
        this.api = api;
        this.vhost = vhost;
        this.names = names;
    }

    /** One queue as the management API shows it. */
    private record Queue(String name, JsonNode json) {

        String type() {
            return json.path("type").asString("classic");
        }

        /** By argument, or by policy. */
        Optional<String> setting(String setting) {
            JsonNode argument = json.path("arguments").path("x-" + setting);
            JsonNode policy = json.path("effective_policy_definition").path(setting);
            JsonNode value = argument.isMissingNode() ? policy : argument;
            return value.isMissingNode() ? Optional.empty() : Optional.of(value.asString());
        }
    }

    Outcome queues() throws IOException {
        List<Queue> queues = read();
        if (queues.isEmpty()) {
            return Outcome.skipped("no queue is known to get events, see bindings");
        }
        List<Outcome> problems = new ArrayList<>();
        for (Queue queue : queues) {
            keeps(queue, problems);
        }
        return Outcome.of(
                problems,
                String.join(
                        ", ",
                        queues.stream()
                                .map(queue -> "%s: %s, durable".formatted(queue.name(), queue.type()))
                                .toList()));
    }

    private static void keeps(Queue queue, List<Outcome> problems) {
        String anew =
                "Bind a new queue and delete this one: rabbitmqadmin declare queue name=NEW durable=true arguments='{\"x-queue-type\":\"quorum\"}'";
        if (!queue.json().path("durable").asBoolean(true)) {
            problems.add(Outcome.warning(
                    "%s is not durable: a restart of the broker loses it, with events that were confirmed"
                            .formatted(queue.name()),
                    anew));
        } else if (queue.type().equals("classic")) {
            problems.add(
                    Outcome.warning("%s is a classic queue: it is on one node only".formatted(queue.name()), anew));
        }
        if (Set.of("down", "minority", "stopped")
                .contains(queue.json().path("state").asString(""))) {
            problems.add(Outcome.failed(
                    "%s is %s: nothing that goes there is confirmed"
                            .formatted(queue.name(), queue.json().path("state").asString()),
                    "Start the nodes that it is on: rabbitmq-diagnostics cluster_status"));
        }
        boolean limited = queue.setting("max-length").isPresent()
                || queue.setting("max-length-bytes").isPresent();
        if (limited && !queue.setting("overflow").orElse("drop-head").startsWith("reject-publish")) {
            problems.add(Outcome.warning(
                    "%s drops its oldest events when it is full".formatted(queue.name()),
                    "Set overflow=reject-publish in its policy or arguments: the relay then waits"));
        }
    }

    Outcome deadLetters() throws IOException {
        List<Queue> queues = read();
        if (queues.isEmpty()) {
            return Outcome.skipped("no queue is known to get events, see bindings");
        }
        List<Outcome> problems = new ArrayList<>();
        for (Queue queue : queues) {
            if (!queue.type().equals("stream")) {
                deadLetters(queue, problems);
            }
        }
        return Outcome.of(problems, "what %s reject is kept".formatted(String.join(", ", names)));
    }

    private void deadLetters(Queue queue, List<Outcome> problems) throws IOException {
        Optional<String> exchange = queue.setting("dead-letter-exchange");
        if (exchange.isEmpty()) {
            String limit =
                    queue.type().equals("quorum") ? ", or comes back too often (from RabbitMQ 4.0 on, 20 times)" : "";
            problems.add(Outcome.warning(
                    "%s has no dead-letter-exchange: what is rejected%s is gone".formatted(queue.name(), limit),
                    "rabbitmqctl set_policy -p %s dead-letters '^%s$' '{\"dead-letter-exchange\":\"YOUR_DLX\",\"dead-letter-strategy\":\"at-least-once\",\"overflow\":\"reject-publish\"}' --apply-to queues"
                            .formatted(vhost, queue.name())));
            return;
        }
        if (!exchange.get().isEmpty()
                && api.get("exchanges", vhost, exchange.get()).isEmpty()) {
            problems.add(Outcome.warning(
                    "the dead-letter-exchange of %s, %s, is not there: what is rejected is gone"
                            .formatted(queue.name(), exchange.get()),
                    "rabbitmqadmin declare exchange name=%s type=fanout durable=true, and bind a queue to it"
                            .formatted(exchange.get())));
        }
        if (queue.type().equals("quorum")
                && !queue.setting("dead-letter-strategy").orElse("").equals("at-least-once")) {
            problems.add(Outcome.warning(
                    "%s dead-letters at most once: what is rejected can be lost on its way".formatted(queue.name()),
                    "Set dead-letter-strategy=at-least-once and overflow=reject-publish in its policy or arguments"));
        }
    }

    private List<Queue> read() throws IOException {
        List<Queue> queues = new ArrayList<>();
        for (String name : names) {
            api.get("queues", vhost, name).ifPresent(answer -> queues.add(new Queue(name, answer.body())));
        }
        return queues;
    }
}
