package dev.outboxrelay.bench;

import java.lang.management.ManagementFactory;

/** What the figures were taken on, in general terms. */
final class Machine {

    private static final double GIB = 1024.0 * 1024 * 1024;

    private Machine() {}

    static String describe() {
        long bytes =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean all
                        ? all.getTotalMemorySize()
                        : 0;
        return "%d cores (%s), %.0f GiB of memory, %s, Java %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.arch"),
                        bytes / GIB,
                        System.getProperty("os.name"),
                        Runtime.version().feature());
    }
}
