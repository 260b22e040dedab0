package dev.outboxrelay.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** All that was measured so far, by subject and round. */
public final class Figures {

    private final Map<Subject, NavigableMap<Integer, Map<Metric, Double>>> samples = new LinkedHashMap<>();
    private final List<String> missed = new ArrayList<>();
    private final Set<String> leftOut = new LinkedHashSet<>();

    /** Adds what one round found. */
    public synchronized void add(Subject subject, int round, Map<Metric, Double> sample) {
        samples.computeIfAbsent(subject, key -> new TreeMap<>()).put(round, Map.copyOf(sample));
    }

    /** Something was to be measured and could not be. */
    public synchronized void missed(String what) {
        missed.add(what);
    }

    /** What could not be measured. */
    public synchronized List<String> missed() {
        return List.copyOf(missed);
    }

    /** Something is not measured since it can't be had here, which is no failure; with the reason. */
    public synchronized void leftOut(String what) {
        leftOut.add(what);
    }

    /** What was left out, each once. */
    public synchronized List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /** In the order in which they were first measured. */
    public synchronized List<Subject> inOrder() {
        return List.copyOf(samples.keySet());
    }

    /** The parts that have measured something. */
    synchronized List<String> benches() {
        return samples.keySet().stream().map(Subject::bench).distinct().toList();
    }

    /** The subjects of that part, in the order in which they were first measured. */
    synchronized List<Subject> of(String bench) {
        return samples.keySet().stream().filter(s -> s.bench().equals(bench)).toList();
    }

    /** Whether any round has that figure. */
    boolean has(Subject subject, Metric metric) {
        return !values(subject, metric).isEmpty();
    }

    /** Over the rounds; only where {@link #has}. */
    Spread spread(Subject subject, Metric metric) {
        return Spread.of(values(subject, metric));
    }

    /** The sum over the rounds. */
    public double total(Subject subject, Metric metric) {
        return values(subject, metric).stream().mapToDouble(Double::doubleValue).sum();
    }

    /** This subject's figure over another's, of the same round each time, as the median of the rounds that have both. */
    synchronized Map<String, Double> ratios(Subject subject, Metric metric) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Subject other : samples.keySet()) {
            if (!subject.isComparableTo(other)) {
                continue;
            }
            List<Double> perRound = new ArrayList<>();
            rounds(subject).forEach((round, mine) -> {
                Double my = mine.get(metric);
                Double their = Objects.requireNonNullElse(rounds(other).get(round), Map.<Metric, Double>of())
                        .get(metric);
                if (my != null && their != null && their > 0) {
                    perRound.add(my / their);
                }
            });
            if (!perRound.isEmpty()) {
                ratios.put(other.candidate(), Spread.of(perRound).median());
            }
        }
        return ratios;
    }

    private synchronized List<Double> values(Subject subject, Metric metric) {
        return rounds(subject).values().stream()
                .filter(sample -> sample.containsKey(metric))
                .map(sample -> Objects.requireNonNull(sample.get(metric)))
                .toList();
    }

    private NavigableMap<Integer, Map<Metric, Double>> rounds(Subject subject) {
        return Objects.requireNonNullElseGet(samples.get(subject), TreeMap::new);
    }
}
