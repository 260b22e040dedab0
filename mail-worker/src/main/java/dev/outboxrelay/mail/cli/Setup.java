package dev.outboxrelay.mail.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class Setup {
    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A setting of the worker, before files and environment; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (default) or json.")
    private Format format;

    /** How results are written. */
    enum Format {
        text,
        json
    }

    boolean json() {
        return format == Format.json;
    }

    Operator open() throws IOException, TimeoutException {
        return Operator.open(settings);
    }
}
