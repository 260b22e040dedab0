package dev.outboxrelay.demo.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.Shell;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** compose.yaml as Compose understands it: anchors merged, defaults filled in, short forms written out. */
record ComposeFile(JsonNode root) {

    private static final String SECRETS = "-secrets:/run/secrets:ro";

    /** Has Debian's docker-compose read the file; fails the test if it refuses it. */
    static ComposeFile parsed() {
        Shell config = Shell.run(Home.find().root(), Map.of(), "docker-compose", "config");
        assertThat(config.exitCode()).as(config.output()).isZero();
        return new ComposeFile(new YAMLMapper().readTree(config.output()));
    }

    Map<String, JsonNode> services() {
        Map<String, JsonNode> services = new TreeMap<>();
        root.path("services").properties().forEach(entry -> services.put(entry.getKey(), entry.getValue()));
        return services;
    }

    JsonNode service(String name) {
        JsonNode service = root.path("services").path(name);
        assertThat(service.isObject()).as("service " + name).isTrue();
        return service;
    }

    /** The variables that the file sets for a service. */
    Map<String, String> environment(String service) {
        Map<String, String> variables = new TreeMap<>();
        service(service)
                .path("environment")
                .properties()
                .forEach(entry -> variables.put(entry.getKey(), entry.getValue().asString()));
        return variables;
    }

    /** The directory of secrets.sh that a service sees as /run/secrets. */
    String secretsOf(String service) {
        for (JsonNode volume : service(service).path("volumes")) {
            String mount = volume.asString();
            if (mount.endsWith(SECRETS)) {
                return mount.substring(0, mount.length() - SECRETS.length());
            }
        }
        throw new AssertionError(service + " mounts no secrets at /run/secrets, read-only");
    }
}
