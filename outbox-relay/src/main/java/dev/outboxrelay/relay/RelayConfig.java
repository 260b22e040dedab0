package dev.outboxrelay.relay;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Everything that can be configured under {@code relay.*}. Immutable; {@link #problems} lists all that is wrong at once.
 *
 * @param name key of the offset and the lease: relays of one name share the work of one, see RATIONALE.md
 * @param tables outbox tables: {@code schema.table}, or regular expressions over that
 * @param schema where the relay's own tables are
 * @param exchange template; a durable topic exchange of that name is declared where it names no column
 * @param routingKey template over the row's columns
 * @param contentType AMQP {@code content_type} of all payloads
 * @param cloudEvents whether messages are CloudEvents too
 * @param window how much may be in flight
 * @param brokerManagement only {@code doctor} uses it
 * @param confirmTimeout a message that the broker has not answered for so long ends the connection
 * @param stopTimeout how long a stop waits for the confirms of what is in flight
 */
public record RelayConfig(
        @DefaultValue("orders") String name,
        @DefaultValue("orders.outbox") List<String> tables,
        @DefaultValue("relay") String schema,
        @DefaultValue("outbox.events") String exchange,
        @DefaultValue("{aggregatetype}.{type}") String routingKey,
        @DefaultValue("application/json") String contentType,
        @DefaultValue CloudEvents cloudEvents,
        @DefaultValue OutboxColumns columns,
        @DefaultValue Window window,
        @DefaultValue Offset offset,
        @DefaultValue Lease lease,
        @DefaultValue Backoff backoff,
        @DefaultValue Quarantine quarantine,
        @DefaultValue Janitor janitor,
        @DefaultValue Verification verification,
        @DefaultValue BrokerManagement brokerManagement,
        @DefaultValue("republish") OnLostPosition onLostPosition,
        @DefaultValue("hold") Unroutable unroutable,
        @DefaultValue("30s") Duration confirmTimeout,
        @DefaultValue("10s") Duration stopTimeout) {

    /**
     * Attributes of CloudEvents as headers.
     *
     * @param source left out, there are none; else the attribute {@code source}, within which ids are unique
     */
    public record CloudEvents(@Nullable URI source) {}

    /** What may be published without being confirmed; reading waits while it is full. */
    public record Window(
            @DefaultValue("1000") int messages,
            @DefaultValue("32MB") DataSize bytes) {}

    /**
     * How often the offset is stored.
     *
     * @param interval while messages are being confirmed
     * @param idleInterval while only heartbeats move it
     */
    public record Offset(
            @DefaultValue("250ms") Duration interval,
            @DefaultValue("10s") Duration idleInterval) {}

    /** How long a relay may be silent before another one takes over. */
    public record Lease(@DefaultValue("5s") Duration ttl) {}

    /** Pauses between tries; they grow by half each time and vary by a fifth. */
    public record Backoff(
            @DefaultValue("500ms") Duration initial,
            @DefaultValue("30s") Duration max) {}

    /**
     * Events kept out of the stream.
     *
     * @param maxEvents when so many are there, the line is held instead
     */
    public record Quarantine(@DefaultValue("10000") long maxEvents) {}

    /**
     * Deletes published rows.
     *
     * @param retention how old a row must be
     * @param batch rows deleted at a time
     * @param pause between two batches
     * @param interval between two looks where there was nothing to delete
     */
    public record Janitor(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("7d") Duration retention,
            @DefaultValue("500") int batch,
            @DefaultValue("100ms") Duration pause,
            @DefaultValue("1m") Duration interval) {}

    /**
     * RabbitMQ's management API, which shows what is bound to the exchange.
     *
     * @param url left out: bindings and queues are not looked at
     * @param username left out, as the password: the broker's own
     */
    public record BrokerManagement(
            @Nullable URI url,
            @Nullable String username,
            @Nullable String password) {

        @Override
        public String toString() {
            return "BrokerManagement[%s, %s, ****]".formatted(url, username);
        }
    }

    /** What to do with an event that no queue is bound for. */
    public enum Unroutable {
        /** Publish nothing behind it until a queue is bound. */
        HOLD,
        /** Put it, and what follows in its aggregate, into quarantine and go on. */
        PARK
    }

    /** What to do where the stored position is no longer usable. */
    public enum OnLostPosition {
        /** Publish again what the table still holds, then go on from now. */
        REPUBLISH,
        /** Publish nothing until somebody has decided. */
        STOP
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern HTTP = Pattern.compile("https?://[^/@]+(/.*)?");
    private static final Pattern SCHEMA = Pattern.compile("[\\w$]{1,64}");

    /** All that is wrong, each with the property's name and what it must be; empty where all is well. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        check(problems, NAME.matcher(name).matches(), "relay.name", name, "up to 64 letters, digits, dots, dashes");
        check(problems, SCHEMA.matcher(schema).matches(), "relay.schema", schema, "a schema's name");
        check(problems, !tables.isEmpty(), "relay.tables", tables, "at least one schema.table");
        for (String table : tables) {
            check(
                    problems,
                    OutboxTable.isName(table),
                    "relay.tables",
                    table,
                    "schema.table or a regular expression over that");
        }
        checkTemplate(problems, "relay.exchange", exchange);
        checkTemplate(problems, "relay.routing-key", routingKey);
        URI source = cloudEvents.source();
        check(
                problems,
                source == null || !source.toString().isEmpty(),
                "relay.cloud-events.source",
                String.valueOf(source),
                "a URI or the path of one, such as /orders");
        check(problems, window.messages() > 0, "relay.window.messages", window.messages(), "at least 1");
        check(problems, window.bytes().toBytes() > 0, "relay.window.bytes", window.bytes(), "more than 0");
        checkPositive(problems, "relay.offset.interval", offset.interval());
        checkPositive(problems, "relay.offset.idle-interval", offset.idleInterval());
        check(problems, lease.ttl().toMillis() >= 500, "relay.lease.ttl", lease.ttl(), "at least 500ms");
        checkPositive(problems, "relay.backoff.initial", backoff.initial());
        check(
                problems,
                backoff.max().compareTo(backoff.initial()) >= 0,
                "relay.backoff.max",
                backoff.max(),
                "at least the initial pause");
        check(
                problems,
                quarantine.maxEvents() > 0,
                "relay.quarantine.max-events",
                quarantine.maxEvents(),
                "at least 1");
        checkPositive(problems, "relay.janitor.retention", janitor.retention());
        checkPositive(problems, "relay.janitor.pause", janitor.pause());
        checkPositive(problems, "relay.janitor.interval", janitor.interval());
        check(
                problems,
                janitor.batch() > 0 && janitor.batch() <= 10_000,
                "relay.janitor.batch",
                janitor.batch(),
                "between 1 and 10000");
        verification.addProblems(problems, janitor);
        URI management = brokerManagement.url();
        check(
                problems,
                management == null || HTTP.matcher(management.toString()).matches(),
                "relay.broker-management.url",
                String.valueOf(management).replaceFirst("//[^/@]*@", "//****@"),
                "http[s]://host:15672, with user and password in .username and .password");
        checkPositive(problems, "relay.confirm-timeout", confirmTimeout);
        checkPositive(problems, "relay.stop-timeout", stopTimeout);
        return problems;
    }

    /** The exchange to declare; empty where its name depends on the row. */
    public String exchangeToDeclare() {
        return Template.parse(exchange).columns().isEmpty() ? exchange : "";
    }

    /** The columns that a table must have for this configuration. */
    public Set<String> expectedColumns() {
        Set<String> expected = new TreeSet<>(columns.required());
        expected.addAll(Template.parse(exchange).columns());
        expected.addAll(Template.parse(routingKey).columns());
        return expected;
    }

    /** Makes messages as this configuration says. */
    public RowMapper rowMapper() {
        return new RowMapper(columns, Template.parse(exchange), Template.parse(routingKey));
    }

    private static void checkTemplate(List<String> problems, String property, String value) {
        try {
            check(problems, !value.isEmpty(), property, value, "a template such as {aggregatetype}.{type}");
            Template.parse(value);
        } catch (IllegalArgumentException e) {
            problems.add(property + ": " + e.getMessage());
        }
    }

    static void checkPositive(List<String> problems, String property, Duration value) {
        check(problems, !value.isNegative() && !value.isZero(), property, value, "more than 0");
    }

    static void check(List<String> problems, boolean holds, String property, Object value, String expected) {
        if (!holds) {
            problems.add("%s: must be %s, not '%s'".formatted(property, expected, value));
        }
    }
}
