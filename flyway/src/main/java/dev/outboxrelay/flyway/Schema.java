package dev.outboxrelay.flyway;

import java.util.List;

/** A schema and where its migrations stand. */
record Schema(String name, String location) {
    static List<Schema> of(Names names) {
        return List.of(
                new Schema(names.orders(), "classpath:db/orders"),
                new Schema(names.relay(), "classpath:db/relay"),
                new Schema(names.mail(), "classpath:db/mail"));
    }
}
