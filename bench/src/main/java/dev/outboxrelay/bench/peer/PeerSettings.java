package dev.outboxrelay.bench.peer;

import java.net.URI;
import java.util.Map;

/** What a peer is told, in its environment. */
record PeerSettings(Map<String, String> environment) {

    static PeerSettings ofThisProcess() {
        return new PeerSettings(System.getenv());
    }

    String mysqlHost() {
        return required("BENCH_MYSQL_HOST");
    }

    int mysqlPort() {
        return number("BENCH_MYSQL_PORT");
    }

    String mysqlUser() {
        return required("BENCH_MYSQL_USER");
    }

    String mysqlPassword() {
        return required("BENCH_MYSQL_PASSWORD");
    }

    URI amqp() {
        return URI.create(required("BENCH_AMQP_URI"));
    }

    String exchange() {
        return required("BENCH_EXCHANGE");
    }

    /** {@code schema.table} of the outbox. */
    String table() {
        return required("BENCH_TABLE");
    }

    /** How many messages may be published and not yet confirmed. */
    int window() {
        return number("BENCH_WINDOW");
    }

    int number(String name) {
        return Integer.parseInt(required(name));
    }

    String required(String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }
}
