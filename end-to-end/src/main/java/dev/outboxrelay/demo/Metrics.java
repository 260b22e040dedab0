package dev.outboxrelay.demo;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One reading of an application's Prometheus endpoint. */
public record Metrics(List<String> lines) {

    private static final Pattern BOUND = Pattern.compile("[{,]le=\"([^\"]+)\"");

    static Metrics parse(String text) {
        return new Metrics(text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .toList());
    }

    /** The sum over all label values; 0 if there is no such metric. */
    public double sum(String name) {
        return lines.stream()
                .filter(line -> isOf(name, line))
                .mapToDouble(Metrics::value)
                .sum();
    }

    /** The histogram of that name, its label values added up. */
    Histogram histogram(String name) {
        NavigableMap<Double, Double> cumulative = new TreeMap<>();
        for (String line : lines) {
            Matcher bound = BOUND.matcher(line);
            if (isOf(name + "_bucket", line) && bound.find()) {
                cumulative.merge(number(bound.group(1)), value(line), Double::sum);
            }
        }
        return new Histogram(cumulative);
    }

    private static boolean isOf(String name, String line) {
        return line.startsWith(name) && (line.startsWith("{", name.length()) || line.startsWith(" ", name.length()));
    }

    private static double value(String line) {
        return number(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static double number(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }
}
