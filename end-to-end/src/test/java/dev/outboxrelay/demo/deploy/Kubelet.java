package dev.outboxrelay.demo.deploy;

import dev.outboxrelay.demo.compose.EntryPoint;
import dev.outboxrelay.local.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs workloads as processes, as a node would: their settings in files, behind the links that a volume has. */
final class Kubelet {

    private final Path directory;

    Kubelet(Path directory) {
        this.directory = directory;
    }

    /** Where the settings of a workload lie. */
    Path settings(String name) {
        return directory.resolve(name);
    }

    /** Lays the files of a volume, ..data/NAME behind NAME, and ..data a link to what can be replaced at once. */
    void mount(String name, Map<String, String> files) throws IOException {
        Path volume = Files.createDirectories(settings(name));
        Path data = Files.createDirectory(volume.resolve("..2026_11_28_10_00_00.000000001"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(data.resolve(file.getKey()), file.getValue());
            Files.createSymbolicLink(volume.resolve(file.getKey()), Path.of("..data", file.getKey()));
        }
        Files.createSymbolicLink(volume.resolve("..data"), data.getFileName());
    }

    /** Starts its jar by the image's entry point, with as much memory as its limit says, as far as the JVM counts it. */
    ChildProcess start(Workload workload, Path jar, Map<String, String> environment) throws IOException {
        String limit = workload.container()
                .path("resources")
                .path("limits")
                .path("memory")
                .asString()
                .replace("Mi", "m");
        List<String> arguments = EntryPoint.options(workload.module());
        arguments.addAll(List.of("-XX:MaxRAM=" + limit, "-jar", jar.toString()));
        return ChildProcess.java(workload.name(), arguments.toArray(String[]::new))
                .env(environment)
                .env("SPRING_CONFIG_IMPORT", "configtree:" + settings(workload.name()) + "/")
                .start();
    }
}
