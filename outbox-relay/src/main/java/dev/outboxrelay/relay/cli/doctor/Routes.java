package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.rabbit.ManagementApi;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Which queues a message would come into, by the bindings as the management API lists them. */
final class Routes {

    /**
     * Where a message would come.
     *
     * @param unjudged exchanges that decide by more than exchange and routing key
     */
    record Reached(Set<String> queues, Set<String> unjudged) {

        Set<String> all() {
            Set<String> all = new TreeSet<>(queues);
            all.addAll(unjudged);
            return all;
        }
    }

    private record Exchange(String type, String alternate, List<JsonNode> bindings) {}

    private final ManagementApi api;
    private final String vhost;
    private final Map<String, Optional<Exchange>> exchanges = new HashMap<>();

    Routes(ManagementApi api, String vhost) {
        this.api = api;
        this.vhost = vhost;
    }

    Reached of(String exchange, String routingKey) throws IOException {
        Reached reached = new Reached(new TreeSet<>(), new TreeSet<>());
        follow(exchange, routingKey, reached, new HashSet<>());
        return reached;
    }

    private void follow(String name, String routingKey, Reached reached, Set<String> seen) throws IOException {
        Optional<Exchange> found = seen.add(name) ? exchange(name) : Optional.empty();
        if (found.isEmpty()) {
            return;
        }
        Exchange exchange = found.get();
        Set<String> next = new LinkedHashSet<>();
        boolean matched = false;
        for (JsonNode binding : exchange.bindings()) {
            Optional<Boolean> matches =
                    matches(exchange.type(), binding.path("routing_key").asString(), routingKey);
            if (matches.isEmpty()) {
                reached.unjudged().add(name);
            } else if (matches.get()) {
                matched = true;
                String destination = binding.path("destination").asString();
                if (binding.path("destination_type").asString().equals("queue")) {
                    reached.queues().add(destination);
                } else {
                    next.add(destination);
                }
            }
        }
        if (!matched && !exchange.alternate().isEmpty()) {
            next.add(exchange.alternate());
        }
        for (String further : next) {
            follow(further, routingKey, reached, seen);
        }
    }

    /** Empty where the routing key does not decide it. */
    private static Optional<Boolean> matches(String type, String bindingKey, String routingKey) {
        return switch (type) {
            case "topic" -> Optional.of(isMatch(bindingKey.split("\\.", -1), 0, routingKey.split("\\.", -1), 0));
            case "direct" -> Optional.of(bindingKey.equals(routingKey));
            case "fanout", "x-consistent-hash", "x-modulus-hash", "x-random" -> Optional.of(true);
            default -> Optional.empty();
        };
    }

    /** A star stands for one word, a hash for any number of them, also none. */
    static boolean isMatch(String[] pattern, int p, String[] words, int w) {
        if (p == pattern.length) {
            return w == words.length;
        }
        if (pattern[p].equals("#")) {
            return isMatch(pattern, p + 1, words, w) || (w < words.length && isMatch(pattern, p, words, w + 1));
        }
        return w < words.length
                && (pattern[p].equals("*") || pattern[p].equals(words[w]))
                && isMatch(pattern, p + 1, words, w + 1);
    }

    private Optional<Exchange> exchange(String name) throws IOException {
        Optional<Exchange> known = exchanges.get(name);
        if (known == null) {
            known = read(name);
            exchanges.put(name, known);
        }
        return known;
    }

    private Optional<Exchange> read(String name) throws IOException {
        Optional<JsonNode> exchange = api.get("exchanges", vhost, name).map(ManagementApi.Answer::body);
        if (exchange.isEmpty()) {
            return Optional.empty();
        }
        JsonNode bindings = api.get("exchanges", vhost, name, "bindings", "source")
                .map(ManagementApi.Answer::body)
                .orElse(JsonNodeFactory.instance.arrayNode());
        return Optional.of(new Exchange(
                exchange.get().path("type").asString(),
                alternate(exchange.get()),
                bindings.valueStream().toList()));
    }

    private String alternate(JsonNode exchange) throws IOException {
        String own = exchange.path("arguments").path("alternate-exchange").asString("");
        String policy = exchange.path("policy").asString("");
        if (!own.isEmpty() || policy.isEmpty()) {
            return own;
        }
        return api.get("policies", vhost, policy)
                .map(answer -> answer.body()
                        .path("definition")
                        .path("alternate-exchange")
                        .asString(""))
                .orElse("");
    }
}
