package dev.outboxrelay.bench;

import dev.outboxrelay.bench.report.Figures;
import dev.outboxrelay.bench.report.Results;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Parts one after the other, each on servers of its own. One that fails takes nothing from the others. */
final class Run {

    private final Setup setup;
    private final Words words;
    private final Figures figures = new Figures();

    Run(Setup setup, Words words) {
        this.setup = setup;
        this.words = words;
    }

    /**
     * Measures all of them, unless this process ends meanwhile: what fails then is no failure.
     *
     * @param results where the results are written after each part; nowhere if empty
     * @param command what made them
     */
    void measure(List<Part> parts, Optional<Path> results, String command) {
        Duration all = Duration.ZERO;
        for (Part part : setup.brief() ? List.<Part>of() : parts) {
            Duration estimate = part.estimate(setup);
            words.say("%s will take about %d min".formatted(part.name(), Math.max(1, estimate.toMinutes())));
            all = all.plus(estimate);
        }
        if (all.toMinutes() > 0) {
            words.say("all of it about %d min".formatted(all.toMinutes()));
        }
        long begun = System.nanoTime();
        // Those that only check that they work share servers, since most of their time would go into these.
        List<List<Part>> together =
                setup.brief() ? List.of(parts) : parts.stream().map(List::of).toList();
        for (List<Part> some : together) {
            measureOnServers(some);
            if (Ending.hasBegun()) {
                return;
            }
            Duration since = Duration.ofNanos(System.nanoTime() - begun);
            results.ifPresent(directory -> new Results(figures).write(directory, head(command, since)));
        }
    }

    private void measureOnServers(List<Part> parts) {
        String names = String.join(", ", parts.stream().map(Part::name).toList());
        attempt(names, () -> {
            try (Bed bed = Bed.open(words)) {
                for (Part part : parts) {
                    words.say("measuring " + part.name());
                    attempt(part.name(), () -> part.measure(bed, setup, figures, words));
                }
            }
        });
    }

    private void attempt(String what, Runnable measurement) {
        try {
            measurement.run();
        } catch (RuntimeException e) {
            if (!Ending.hasBegun()) {
                figures.missed(what + ": " + firstLine(e));
                words.say(what + " could not be measured to its end: " + Bench.sentence(e));
            }
        }
    }

    Figures figures() {
        return figures;
    }

    private String head(String command, Duration took) {
        StringBuilder head = new StringBuilder()
                .append("Written by `")
                .append(command)
                .append("` on ")
                .append(LocalDate.now(ZoneOffset.UTC))
                .append(", in ")
                .append(Math.max(1, took.toMinutes()))
                .append(" min, on ")
                .append(Machine.describe())
                .append("; MySQL, RabbitMQ, the applications and the load share it.\n\n")
                .append(
                        "Figures are the median of the rounds (least–most); ratios are taken within a round. How they are taken,")
                .append(" and what they do not tell: [README.md](README.md).\n");
        figures.leftOut()
                .forEach(what -> head.append("\n**Left out:** ").append(what).append('\n'));
        figures.missed().forEach(failure -> head.append("\n**Not measured to the end:** ")
                .append(failure)
                .append('\n'));
        return head.toString();
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }
}
