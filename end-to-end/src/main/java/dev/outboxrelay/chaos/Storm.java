package dev.outboxrelay.chaos;

import dev.outboxrelay.chaos.Schedule.Step;
import dev.outboxrelay.demo.App;
import dev.outboxrelay.demo.Progress;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One fault after the other, some of them two at a time, and a line for each. */
final class Storm {

    private final Rig rig;
    private final Progress progress;
    private final Supplier<String> standing;
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Deque<Fault> unhealed = new ArrayDeque<>();
    private int count;

    /**
     * A storm that has not begun.
     *
     * @param standing tells how far it is, for the lines
     */
    Storm(Rig rig, Progress progress, Supplier<String> standing) {
        this.rig = rig;
        this.progress = progress;
        this.standing = standing;
    }

    /** Returns when the time is over, or the steps are; what lingers then is not healed. */
    void rage(Iterator<Step> steps, Duration length) throws InterruptedException {
        long endsAt = System.nanoTime() + length.toNanos();
        while (steps.hasNext()) {
            Step step = steps.next();
            Thread.sleep(step.gap().toMillis());
            if (System.nanoTime() - endsAt >= 0) {
                return;
            }
            if (step.fault().alone()) {
                healAll();
            }
            startTheDead();
            strike(step);
        }
    }

    /** By kind and target, how many faults there were. */
    Map<String, Integer> faults() {
        return faults;
    }

    private void strike(Step step) throws InterruptedException {
        Fault fault = step.fault();
        faults.merge(fault.kind() + " " + fault.target(), 1, Integer::sum);
        progress.say("%s  %3d  %-28s %-24s %4.1f s %-16s  %s"
                .formatted(
                        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
                        ++count,
                        fault.kind(),
                        fault.target(),
                        step.hold().toMillis() / 1e3,
                        step.lingers() ? "and the next one" : "",
                        standing.get()));
        fault.strike().run();
        Thread.sleep(step.hold().toMillis());
        healAll();
        if (step.lingers()) {
            unhealed.add(fault);
        } else {
            fault.heal().run();
        }
    }

    private void healAll() {
        for (Fault fault = unhealed.poll(); fault != null; fault = unhealed.poll()) {
            fault.heal().run();
        }
    }

    /** An application that has ended by itself is started again, as whatever runs it in production would. */
    private void startTheDead() {
        for (Map.Entry<String, App> app : rig.apps().entrySet()) {
            if (unhealed.isEmpty() && !app.getValue().isRunning()) {
                progress.say("%s had ended by itself, and is started again; see %s"
                        .formatted(app.getKey(), app.getValue().log()));
                faults.merge("ended by itself: " + app.getKey(), 1, Integer::sum);
                app.getValue().launch();
            }
        }
    }
}
