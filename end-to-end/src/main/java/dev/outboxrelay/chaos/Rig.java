package dev.outboxrelay.chaos;

import dev.outboxrelay.demo.App;
import dev.outboxrelay.demo.Pipeline;
import dev.outboxrelay.flyway.Names;
import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.Ports;
import dev.outboxrelay.local.RabbitMqServer;
import dev.outboxrelay.local.SmtpSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pipeline of several relays and mail workers in which each application reaches each server by a {@link Link} of its own. Its
 * intervals are short, so that a few seconds of trouble are long enough to matter.
 */
final class Rig implements AutoCloseable {

    private static final Map<String, String> RELAY = Map.of(
            "RELAY_BACKOFF_MAX", "5s",
            "RELAY_VERIFICATION_AFTER", "20s",
            "RELAY_VERIFICATION_INTERVAL", "1s",
            "RELAY_VERIFICATION_REDRIVES", "1000");
    private static final Map<String, String> WORKER = Map.of(
            "MAIL_WORKER_LEASE", "6s",
            "MAIL_WORKER_SMTP_DEADLINE", "4s",
            "MAIL_WORKER_RETRY_DELAYS", "1s,1s,10s",
            "MAIL_WORKER_UNKNOWN_RESENDS", "100");

    private final Pipeline pipeline;
    private final Map<String, App> relays = new LinkedHashMap<>();
    private final Map<String, App> workers = new LinkedHashMap<>();
    private final Map<String, List<Link>> links = new LinkedHashMap<>();

    /** Nothing is started yet. */
    Rig(Pipeline pipeline, int relays, int workers) {
        this.pipeline = pipeline;
        RELAY.forEach(pipeline.outboxRelay()::set);
        WORKER.forEach(pipeline.mailWorker()::set);
        several(relays, "relay-", pipeline.outboxRelay(), this.relays);
        several(workers, "mail-worker-", pipeline.mailWorker(), this.workers);
        Names names = pipeline.scope().names();
        linkToMySql("order-app", pipeline.orderApp(), names.orders());
        this.relays.forEach((name, app) -> {
            linkToMySql(name, app, names.relay());
            linkToRabbit(name, app);
        });
        this.workers.forEach((name, app) -> {
            linkToMySql(name, app, names.mail());
            linkToRabbit(name, app);
            linkToMailServer(name, app);
        });
    }

    private static void several(int count, String prefix, App first, Map<String, App> all) {
        all.put(prefix + 1, first);
        for (int i = 2; i <= count; i++) {
            all.put(prefix + i, first.another(Ports.free()));
        }
    }

    private void linkToMySql(String name, App app, String schema) {
        MySqlServer server = pipeline.services().mysql();
        Link link = link(name, "mysql", server.host(), server.port());
        app.set("SPRING_DATASOURCE_URL", "jdbc:mysql://" + link.address() + "/" + schema);
    }

    private void linkToRabbit(String name, App app) {
        RabbitMqServer server = pipeline.services().rabbit();
        app.set(
                "SPRING_RABBITMQ_ADDRESSES",
                link(name, "rabbitmq", server.host(), server.port()).address());
    }

    private void linkToMailServer(String name, App app) {
        SmtpSink server = pipeline.services().sink();
        Link link = link(name, "smtp", server.host(), server.port());
        app.set("SPRING_MAIL_PORT", Integer.toString(link.proxy().port()));
    }

    private Link link(String application, String server, String host, int port) {
        Link link = Link.between(application, server, host, port);
        links.computeIfAbsent(server + " of " + application.replaceFirst("-\\d+$", ""), kind -> new ArrayList<>())
                .add(link);
        return link;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Map<String, App> relays() {
        return relays;
    }

    Map<String, App> workers() {
        return workers;
    }

    /** By kind of link, those of each application that has one. */
    Map<String, List<Link>> links() {
        return links;
    }

    /** All applications by name, those first that others wait for. */
    Map<String, App> apps() {
        Map<String, App> all = new LinkedHashMap<>(workers);
        all.putAll(relays);
        all.put("order-app", pipeline.orderApp());
        return all;
    }

    /** Starts what does not run, and returns once all is ready; servers and links too, whatever was done to them. */
    void heal() {
        pipeline.services().mysql().start();
        pipeline.services().rabbit().start();
        pipeline.services().sink().listen();
        links.values().forEach(kind -> kind.forEach(Link::heal));
        apps().values().forEach(App::thaw);
        apps().values().forEach(App::launch);
        apps().values().forEach(App::awaitReady);
    }

    /** Ends the applications at once; the servers stay. */
    @Override
    public void close() {
        apps().values().forEach(App::kill);
        links.values().forEach(kind -> kind.stream().map(Link::proxy).forEach(FaultProxy::close));
    }
}
