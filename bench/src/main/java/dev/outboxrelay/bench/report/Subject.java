package dev.outboxrelay.bench.report;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a figure is about.
 *
 * @param bench which part measured it, such as {@code latency}
 * @param scenario under what conditions, such as {@code rate=200}; only candidates of one scenario are compared
 * @param candidate what was measured, such as {@code outbox-relay}
 */
public record Subject(String bench, Map<String, Object> scenario, String candidate) {

    private static final Set<String> OURS = Set.of("outbox-relay", "order-app", "mail-worker");

    /** Whether it is one of the applications; in growth, all of it is. */
    boolean isOurs() {
        return bench.equals("growth") || OURS.stream().anyMatch(candidate::startsWith);
    }

    boolean isComparableTo(Subject other) {
        return bench.equals(other.bench) && scenario.equals(other.scenario) && !candidate.equals(other.candidate);
    }

    /** The scenario in words; empty where there is only one. */
    String conditions() {
        return scenario.entrySet().stream()
                .filter(condition -> !condition.getKey().equals("rows"))
                .map(condition -> switch (condition.getKey()) {
                    case "rate" -> "%,d commits/s".formatted((Integer) condition.getValue());
                    case "server" -> String.valueOf(condition.getValue());
                    default -> condition.getValue() + " " + condition.getKey();
                })
                .collect(Collectors.joining(", "));
    }
}
