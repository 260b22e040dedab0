package dev.outboxrelay.demo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** A Deployment, a Job or a Pod, of one container that reads its settings from /run/secrets. */
record Workload(Manifests manifests, JsonNode object) {

    String name() {
        return Manifests.name(object);
    }

    /** The module whose image it runs. */
    String module() {
        return container().path("image").asString();
    }

    /** The pod's labels. */
    JsonNode labels() {
        return template().path("metadata").path("labels");
    }

    JsonNode template() {
        return object.path("kind").asString().equals("Pod")
                ? object
                : object.path("spec").path("template");
    }

    JsonNode pod() {
        return template().path("spec");
    }

    JsonNode container() {
        assertThat(pod().path("containers")).as(name()).hasSize(1);
        return pod().path("containers").path(0);
    }

    /** The number of a port that a probe or a Service names. */
    int port(String name) {
        for (JsonNode port : container().path("ports")) {
            if (port.path("name").asString().equals(name)) {
                return port.path("containerPort").asInt();
            }
        }
        throw new AssertionError(name() + " has no port " + name);
    }

    /** The variables with a value; of one that is taken from a ConfigMap, the value there. */
    Map<String, String> environment() {
        Map<String, String> variables = new TreeMap<>();
        for (JsonNode variable : container().path("env")) {
            JsonNode reference = variable.path("valueFrom").path("configMapKeyRef");
            variables.put(
                    variable.path("name").asString(),
                    reference.isMissingNode()
                            ? variable.path("value").asString()
                            : value(
                                    "ConfigMap",
                                    reference.path("name").asString(),
                                    reference.path("key").asString()));
        }
        return variables;
    }

    /** The files in /run/secrets and what they hold. */
    Map<String, String> settings() {
        Map<String, String> files = new TreeMap<>();
        JsonNode volume = mountedAt("/run/secrets");
        if (volume.has("secret")) {
            add(files, "Secret", volume.path("secret").path("secretName").asString(), volume.path("secret"));
        }
        for (JsonNode source : volume.path("projected").path("sources")) {
            add(files, "ConfigMap", source.path("configMap").path("name").asString(), source.path("configMap"));
            add(files, "Secret", source.path("secret").path("name").asString(), source.path("secret"));
        }
        return files;
    }

    private void add(Map<String, String> files, String kind, String name, JsonNode source) {
        if (source.has("items")) {
            source.path("items")
                    .forEach(item -> files.put(
                            item.path("path").asString(),
                            value(kind, name, item.path("key").asString())));
        } else if (source.isObject()) {
            contents(kind, name)
                    .properties()
                    .forEach(entry -> files.put(entry.getKey(), entry.getValue().asString()));
        }
    }

    private JsonNode mountedAt(String path) {
        for (JsonNode mount : container().path("volumeMounts")) {
            if (mount.path("mountPath").asString().equals(path)) {
                assertThat(mount.path("readOnly").asBoolean()).as(name()).isTrue();
                return volume(mount.path("name").asString());
            }
        }
        throw new AssertionError(name() + " mounts nothing at " + path);
    }

    private JsonNode volume(String name) {
        for (JsonNode volume : pod().path("volumes")) {
            if (volume.path("name").asString().equals(name)) {
                return volume;
            }
        }
        throw new AssertionError(name() + " has no volume " + name);
    }

    private String value(String kind, String name, String key) {
        JsonNode value = contents(kind, name).path(key);
        assertThat(value.isString())
                .as("%s of %s %s, which %s reads", key, kind, name, name())
                .isTrue();
        return value.asString();
    }

    private JsonNode contents(String kind, String name) {
        JsonNode object = manifests.get(kind, name);
        return object.path(kind.equals("Secret") ? "stringData" : "data");
    }
}
