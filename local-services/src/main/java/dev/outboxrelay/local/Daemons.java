package dev.outboxrelay.local;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The servers of a user that outlive the command that started them.
 *
 * @param state the directory with all that they have on disk
 */
record Daemons(Path state, MySqlServer mysql, RabbitMqServer rabbitmq, SmtpSinkProcess smtp) {

    /** Those of that directory, running or not. */
    static Daemons in(Path state, WantedPorts ports) {
        return new Daemons(
                state,
                new MySqlServer(
                        state.resolve("mysql"),
                        MySqlServer.builder().port(ports.mysql()).life(Life.ITS_OWN)),
                new RabbitMqServer(
                        state.resolve("rabbitmq"),
                        RabbitMqServer.builder()
                                .port(ports.rabbitmq())
                                .managementPort(ports.management())
                                .life(Life.ITS_OWN)),
                new SmtpSinkProcess(state.resolve("smtp"), ports.smtp(), ports.mailPage(), Life.ITS_OWN));
    }

    static Daemons in(Path state) {
        return in(state, WantedPorts.ANY);
    }

    /** Runs the action while no other command changes the same daemons. */
    void alone(OnceMade.Action action) {
        String key = "services-" + Integer.toHexString(state.hashCode());
        OnceMade.alone(UserDirectories.cache().resolve(key), action);
    }

    Map<String, LocalServer> byName() {
        Map<String, LocalServer> all = new LinkedHashMap<>();
        all.put("mysql", mysql);
        all.put("rabbitmq", rabbitmq);
        all.put("smtp", smtp);
        return all;
    }

    boolean allRun() {
        return byName().values().stream().allMatch(LocalServer::isRunning);
    }

    /** Starts those that do not run, all at a time; if one cannot be started, those that this call started end again. */
    void start() {
        Map<LocalServer, CompletableFuture<Void>> starting = new LinkedHashMap<>();
        for (LocalServer server : byName().values()) {
            boolean ranBefore = server.isRunning();
            CompletableFuture<Void> start = CompletableFuture.runAsync(server::start);
            if (ranBefore) {
                start.join();
            } else {
                starting.put(server, start);
            }
        }
        try {
            CompletableFuture.allOf(starting.values().toArray(CompletableFuture<?>[]::new))
                    .join();
        } catch (CompletionException e) {
            starting.keySet().forEach(LocalServer::kill);
            throw e.getCause() instanceof LocalServiceException known ? known : e;
        }
    }

    /** Ends all of them in good order; their data stay. */
    void stop() {
        byName().values().forEach(LocalServer::stop);
        Leftovers.end(state);
    }

    /** Ends all of them and whatever else of ours runs in the directory, and deletes it. */
    void remove() {
        byName().values().forEach(LocalServer::kill);
        Leftovers.end(state);
        Trees.delete(state);
    }
}
