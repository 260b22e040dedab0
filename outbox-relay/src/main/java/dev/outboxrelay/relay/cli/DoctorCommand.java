package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.cli.doctor.Doctor;
import dev.outboxrelay.relay.cli.doctor.Finding;
import dev.outboxrelay.relay.cli.doctor.Finding.Result;
import dev.outboxrelay.relay.cli.doctor.Patient;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}. */
@Command(
        name = "doctor",
        description = {
            "Looks at everything that the relay needs, and says what to do about what is wrong: MySQL, its binlog, grants and tables,"
                    + " RabbitMQ, its exchange, bindings and queues, clocks and TLS. Changes nothing.",
            "Exit code 4 where a check has failed; warnings end with 0."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Option(names = "--json", description = "The same as -o json.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        try (Operator operator = setup.open()) {
            List<Finding> findings = Doctor.examine(new Patient(
                    operator.settings(),
                    operator.jdbc(),
                    operator.offsets(),
                    operator.history(),
                    operator.leases(),
                    operator.quarantine()));
            if (json || setup.isJson()) {
                Output.json(setup.out(), json(operator.config().name(), findings));
            } else {
                table(findings);
                setup.say(verdict(findings));
            }
            return worst(findings) == Result.FAILED ? ExitCode.UNHEALTHY.code() : ExitCode.DONE.code();
        }
    }

    private void table(List<Finding> findings) {
        int width = findings.stream()
                .mapToInt(finding -> finding.check().length())
                .max()
                .orElse(0);
        Ansi ansi = spec.commandLine().getColorScheme().ansi();
        PrintWriter out = setup.out();
        String stage = "";
        for (Finding finding : findings) {
            if (!finding.stage().equals(stage)) {
                stage = finding.stage();
                out.println(stage);
            }
            String name = finding.check() + " ".repeat(width - finding.check().length());
            out.println("  %s  %s  %s".formatted(word(finding.result(), ansi), name, finding.evidence()));
            if (finding.fix() != null) {
                finding.fix().lines().forEach(line -> out.println("           → " + line));
            }
        }
        out.flush();
    }

    private static String word(Result result, Ansi ansi) {
        String word = "%-7s".formatted(name(result));
        return switch (result) {
            case OK -> ansi.string("@|green " + word + "|@");
            case WARNING -> ansi.string("@|yellow " + word + "|@");
            case FAILED -> ansi.string("@|bold,red " + word + "|@");
            case SKIPPED -> ansi.string("@|faint " + word + "|@");
        };
    }

    private static String name(Result result) {
        return result.name().toLowerCase(Locale.ROOT);
    }

    private static Result worst(List<Finding> findings) {
        return count(findings, Result.FAILED) > 0
                ? Result.FAILED
                : count(findings, Result.WARNING) > 0 ? Result.WARNING : Result.OK;
    }

    private static long count(List<Finding> findings, Result result) {
        return findings.stream().filter(finding -> finding.result() == result).count();
    }

    private static String verdict(List<Finding> findings) {
        return "%d ok, %s, %d failed, %d skipped."
                .formatted(
                        count(findings, Result.OK),
                        Words.count(count(findings, Result.WARNING), "warning"),
                        count(findings, Result.FAILED),
                        count(findings, Result.SKIPPED));
    }

    private static Map<String, Object> json(String relay, List<Finding> findings) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("relay", relay);
        json.put("result", name(worst(findings)));
        json.put("checks", findings.stream().map(DoctorCommand::json).toList());
        return json;
    }

    private static Map<String, @Nullable Object> json(Finding finding) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("stage", finding.stage());
        fields.put("check", finding.check());
        fields.put("result", name(finding.result()));
        fields.put("evidence", finding.evidence());
        fields.put("fix", finding.fix());
        return fields;
    }
}
