package dev.outboxrelay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a process has used so far, from Linux's /proc. */
public final class ProcessUsage {

    /** The unit of /proc/PID/stat on every Linux that Java runs on (USER_HZ). */
    private static final double TICKS_PER_SECOND = 100;

    private static final int AFTER_NAME_UTIME = 11;
    private static final double KIB_PER_MIB = 1024;

    private ProcessUsage() {}

    /**
     * CPU seconds, user and system, of the process and of all its children that live.
     *
     * @throws UncheckedIOException if there is no such process
     */
    public static double cpuSeconds(long pid) {
        ProcessHandle process =
                ProcessHandle.of(pid).orElseThrow(() -> new UncheckedIOException(new IOException("No process " + pid)));
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToDouble(each -> ticks(each.pid()) / TICKS_PER_SECOND)
                .sum();
    }

    /** The most memory that the process ever had in RAM, or had since {@link #forgetPeakRss}, in MiB. */
    public static double peakRssMb(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / KIB_PER_MIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what process " + pid + " uses", e);
        }
    }

    /** From now on, the most memory that the process had is counted anew. */
    public static void forgetPeakRss(long pid) {
        try {
            Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot reset what process " + pid + " has used at most", e);
        }
    }

    private static long ticks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[AFTER_NAME_UTIME]) + Long.parseLong(fields[AFTER_NAME_UTIME + 1]);
        } catch (IOException endedMeanwhile) {
            return 0;
        }
    }
}
