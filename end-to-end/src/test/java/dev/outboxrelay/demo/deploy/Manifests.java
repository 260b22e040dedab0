package dev.outboxrelay.demo.deploy;

import dev.outboxrelay.demo.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The objects of deploy/kubernetes, the example of the Secrets among them. */
record Manifests(Path directory, List<JsonNode> objects) {

    static Manifests read() {
        Path directory = Home.find().root().resolve("deploy/kubernetes");
        return new Manifests(
                directory,
                files(directory)
                        .filter(file -> !file.endsWith("kustomization.yaml") && !file.endsWith("secrets.yaml"))
                        .flatMap(file -> Yaml.documents(file).stream())
                        .toList());
    }

    /** All files of YAML there. */
    static Stream<Path> files(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + directory, e);
        }
    }

    Stream<JsonNode> of(String kind) {
        return objects.stream().filter(object -> object.path("kind").asString().equals(kind));
    }

    JsonNode get(String kind, String name) {
        return of(kind).filter(object -> name(object).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no " + kind + " " + name));
    }

    /** Everything that runs containers. */
    List<Workload> workloads() {
        return Stream.of("Deployment", "Job", "Pod")
                .flatMap(this::of)
                .map(object -> new Workload(this, object))
                .toList();
    }

    Workload workload(String name) {
        return workloads().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Nothing runs as " + name));
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asString();
    }
}
