package dev.outboxrelay.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What a process of load is told, in its environment. */
record LoadSettings(Map<String, String> environment) {

    static LoadSettings ofThisProcess() {
        return new LoadSettings(System.getenv());
    }

    /** Where the bench listens, which says what to do. */
    int controlPort() {
        return (int) number("BENCH_CONTROL_PORT");
    }

    /** The process whose CPU counts: a server, or this one. */
    long measuredPid() {
        return environment.containsKey("BENCH_MEASURED_PID")
                ? number("BENCH_MEASURED_PID")
                : ProcessHandle.current().pid();
    }

    long mysqlPid() {
        return number("BENCH_MYSQL_PID");
    }

    long number(String name) {
        return Long.parseLong(required(name));
    }

    /** The content of the file that the variable names. */
    byte[] file(String name) throws IOException {
        return Files.readAllBytes(Path.of(required(name)));
    }

    String required(String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }
}
