package dev.outboxrelay.relay;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.flyway.Migrate;
import dev.outboxrelay.flyway.Names;
import dev.outboxrelay.flyway.Passwords;
import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.RabbitMqServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What one test has to itself: fresh schemas and users in MySQL, a fresh virtual host, and relays to start in it. */
final class Stage implements AutoCloseable {

    /** Long enough for a slow machine; nothing is asserted by it. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    static final String QUEUE = "everything";
    private static final Passwords PASSWORDS = new Passwords("order-pw", "relay-pw", "mail-pw", "audit-pw");

    final MySqlServer mysql;
    final RabbitMqServer rabbit;
    final Names names;
    final String vhost;
    final Map<String, Object> properties = new HashMap<>();
    private final List<Running> running = new ArrayList<>();
    private final Connection connection;
    private final HikariDataSource root = new HikariDataSource();
    final JdbcClient jdbc = JdbcClient.create(root);
    final Channel channel;

    Stage(MySqlServer mysql, RabbitMqServer rabbit, String prefix, String vhost) throws Exception {
        this.mysql = mysql;
        this.rabbit = rabbit;
        this.vhost = vhost;
        names = new Names(prefix);
        Migrate.run(mysql.jdbcUrl(""), "root", mysql.rootPassword(), names, PASSWORDS);
        root.setJdbcUrl(mysql.jdbcUrl(""));
        root.setUsername("root");
        root.setPassword(mysql.rootPassword());
        root.setMinimumIdle(0);
        connection = connect();
        channel = connection.createChannel();
        channel.exchangeDeclare("outbox.events", "topic", true);
        bind(QUEUE, "#");
        properties.put("relay.tables", names.orders() + ".outbox");
        properties.put("relay.schema", names.relay());
        properties.put("relay.verification.confirmations", names.mail() + ".confirmations");
        properties.put("relay.backoff.initial", "100ms");
        properties.put("relay.backoff.max", "1s");
        properties.put("spring.datasource.url", mysql.jdbcUrl(names.relay()));
        properties.put("spring.datasource.username", names.outboxRelay());
        properties.put("spring.datasource.password", PASSWORDS.outboxRelay());
        properties.put("spring.rabbitmq.addresses", rabbit.uri(vhost).toString());
    }

    /** A relay of this stage in this JVM. */
    record Running(Supervisor supervisor, SimpleMeterRegistry meters, HikariDataSource database)
            implements AutoCloseable {

        double count(String counter) {
            return meters.get(counter).counter().count();
        }

        void awaitState(RelayState state) {
            Awaitility.await("relay to be " + state)
                    .atMost(PATIENCE)
                    .until(() -> supervisor.status().state() == state);
        }

        @Override
        public void close() throws InterruptedException {
            supervisor.stop();
            database.close();
        }
    }

    Running startRelay() {
        Settings settings = settings();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        HikariDataSource database = Assembly.database(settings.mysql());
        Supervisor supervisor = Assembly.supervisor(settings, database, new RelayMetrics(meters, settings.relay()));
        Running relay = new Running(supervisor, meters, database);
        running.add(relay);
        supervisor.start();
        return relay;
    }

    /** What a relay of this stage is configured by. */
    Settings settings() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("stage", properties));
        return Settings.of(environment);
    }

    void stopRelays() throws InterruptedException {
        for (Running relay : running) {
            relay.close();
        }
    }

    /** Writes one outbox row in a transaction of its own; returns its id. */
    String insert(String aggregateId, long version) {
        return insert(aggregateId, version, "OrderPlaced", "{\"n\":" + version + "}");
    }

    String insert(String aggregateId, long version, String type, String payload) {
        UUID id = UUID.randomUUID();
        sql("INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload, aggregate_version) VALUES (?, 'Order', ?, ?, ?, ?)"
                        .formatted(names.orders()))
                .params(bytes(id), aggregateId, type, payload, version)
                .update();
        return id.toString();
    }

    /** One row for each of these versions; their ids, in a list that may grow. */
    List<String> insert(String aggregateId, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(version -> insert(aggregateId, version))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Writes a row whose headers column the relay can't use. */
    String insertPoison(String aggregateId) {
        UUID id = UUID.randomUUID();
        sql("""
                        INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload, headers)
                        VALUES (?, 'Order', ?, 'OrderPlaced', '{}', '[1]')""".formatted(names.orders())).params(bytes(id), aggregateId).update();
        return id.toString();
    }

    /** Ids of the events in quarantine, in order, each with its reason. */
    List<String> quarantine() {
        return sql("SELECT CONCAT(event_id, ' ', reason) FROM `%s`.relay_quarantine ORDER BY id"
                        .formatted(names.relay()))
                .query(String.class)
                .list();
    }

    /** As root. */
    JdbcClient.StatementSpec sql(String sql) {
        return jdbc.sql(sql);
    }

    /** Administers the broker. */
    String rabbitmqctl(String... command) {
        return rabbit.control(command);
    }

    void bind(String queue, String routingKey) throws Exception {
        channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
        channel.queueBind(queue, "outbox.events", routingKey);
    }

    /** Takes that many messages from the queue, in its order. */
    List<GetResponse> take(int count) throws Exception {
        return take(QUEUE, count);
    }

    List<GetResponse> take(String queue, int count) throws Exception {
        return new Arrivals(connection, channel, queue).take(count);
    }

    /** Takes messages until there are that many different ones; returns their ids in the order in which each came first. */
    List<String> takeDistinct(int count) throws Exception {
        Set<String> distinct = new LinkedHashSet<>();
        while (distinct.size() < count) {
            distinct.addAll(ids(take(1)));
        }
        return List.copyOf(distinct);
    }

    /** Lets the relay reach MySQL through another port. */
    void databaseAt(int port) {
        properties.put("spring.datasource.url", "jdbc:mysql://127.0.0.1:%d/%s".formatted(port, names.relay()));
    }

    /** Lets the relay give up a MySQL that does not answer sooner than it does by itself. */
    void giveUpOnTheDatabaseSoon() {
        properties.computeIfPresent(
                "spring.datasource.url",
                (name, url) ->
                        url + (url.toString().contains("?") ? "&" : "?") + "connectTimeout=1000&socketTimeout=2000");
    }

    /** Lets the relay reach RabbitMQ through another port. */
    void brokerAt(int port) {
        properties.put(
                "spring.rabbitmq.addresses", rabbit.uri(vhost).toString().replace(":" + rabbit.port(), ":" + port));
    }

    /** Deletes every binlog file but a new one; those that the thread for a relay that has gone still reads, once it notices. */
    void purgeBinlogs() {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            sql("FLUSH BINARY LOGS").update();
            List<String> files = binlogFiles();
            sql("PURGE BINARY LOGS TO '" + files.get(files.size() - 1) + "'").update();
            return binlogFiles().size() == 1;
        });
    }

    private List<String> binlogFiles() {
        return sql("SHOW BINARY LOGS").query((row, number) -> row.getString(1)).list();
    }

    static List<String> ids(List<GetResponse> messages) {
        return messages.stream()
                .map(message -> message.getProps().getMessageId())
                .toList();
    }

    Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(rabbit.uri(vhost));
        return factory.newConnection();
    }

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    @Override
    public void close() throws Exception {
        stopRelays();
        connection.abort();
        root.close();
    }
}
