package dev.outboxrelay.demo;

import dev.outboxrelay.flyway.Migrate;
import dev.outboxrelay.flyway.Passwords;
import dev.outboxrelay.local.Ports;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * The three applications on given servers, as three processes that can be killed and started one by one. Each logs in with
 * its own least-privilege user, and the mail worker verifies the mail server's certificate.
 */
public final class Pipeline implements AutoCloseable {

    private final Services services;
    private final Scope scope;
    private final Credentials credentials;
    private final App orderApp;
    private final App outboxRelay;
    private final App mailWorker;
    private final URI orderApi;

    private Pipeline(Home home, Services services, Scope scope, Path logs, Credentials credentials) {
        this.services = services;
        this.scope = scope;
        this.credentials = credentials;
        AppSettings settings = new AppSettings(services, scope, credentials);
        int orderPort = Ports.free();
        int[] management = {Ports.free(), Ports.free(), Ports.free()};
        this.orderApi = loopback(orderPort);
        this.orderApp = new App(
                home,
                "order-app",
                settings.orderApp(orderPort, management[0]),
                logs.resolve("order-app.log"),
                loopback(management[0]));
        this.outboxRelay = new App(
                home,
                "outbox-relay",
                settings.outboxRelay(management[1]),
                logs.resolve("outbox-relay.log"),
                loopback(management[1]));
        this.mailWorker = new App(
                home,
                "mail-worker",
                settings.mailWorker(management[2]),
                logs.resolve("mail-worker.log"),
                loopback(management[2]));
    }

    /**
     * Migrates the schemas, makes the users in MySQL and RabbitMQ, and leaves the applications to be started.
     *
     * @param logs an existing directory for the applications' logs
     */
    public static Pipeline prepare(Home home, Services services, Scope scope, Path logs) {
        Credentials credentials = Credentials.random();
        Migrate.run(
                services.mysql().jdbcUrl(""),
                "root",
                services.mysql().rootPassword(),
                scope.names(),
                new Passwords(
                        credentials.orderApp(),
                        credentials.outboxRelay(),
                        credentials.mailWorker(),
                        credentials.auditor()));
        new BrokerLogins(services.rabbit()).grant(home.brokerDefinitions(), scope, credentials);
        return new Pipeline(home, services, scope, logs, credentials);
    }

    /** Starts all three at once and returns when each is ready; does nothing for those that run. */
    public void startAll() {
        List<App> apps = List.of(orderApp, outboxRelay, mailWorker);
        apps.forEach(App::launch);
        apps.forEach(App::awaitReady);
    }

    public App orderApp() {
        return orderApp;
    }

    public App outboxRelay() {
        return outboxRelay;
    }

    public App mailWorker() {
        return mailWorker;
    }

    public Services services() {
        return services;
    }

    public Scope scope() {
        return scope;
    }

    /** Where orders are posted. */
    public URI orderApi() {
        return orderApi;
    }

    /** The bearer token that the order API wants. */
    public String orderToken() {
        return credentials.orderToken();
    }

    /** A client of the order API. */
    public OrderClient orders() {
        return OrderClient.of(orderApi, credentials.orderToken());
    }

    /** A new connection of the user who may read everything and change nothing. */
    public Connection audit() throws SQLException {
        return DriverManager.getConnection(
                services.mysql().jdbcUrl(scope.names().mail()), scope.names().auditor(), credentials.auditor());
    }

    /** Stops the applications, consumer last; the servers stay. */
    @Override
    public void close() {
        orderApp.close();
        outboxRelay.close();
        mailWorker.close();
    }

    private static URI loopback(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }
}
