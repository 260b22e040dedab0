package dev.outboxrelay.mail;

import dev.outboxrelay.flyway.Migrate;
import dev.outboxrelay.flyway.Names;
import dev.outboxrelay.flyway.Passwords;
import dev.outboxrelay.local.junit.MySqlExtension;
import org.jspecify.annotations.Nullable;

/** The tables, migrated once per JVM; consumer names keep the tests apart. */
public final class Schema {
    public static final String PASSWORD = "only-for-tests";

    private static @Nullable Names names;

    private Schema() {}

    /** The names of the schemas and users; they are there when this returns. */
    public static synchronized Names of(MySqlExtension mysql) {
        Names made = names;
        if (made == null) {
            made = new Names(mysql.freshPrefix());
            Migrate.run(
                    mysql.server().jdbcUrl(""),
                    "root",
                    mysql.server().rootPassword(),
                    made,
                    new Passwords(PASSWORD, PASSWORD, PASSWORD, PASSWORD));
            names = made;
        }
        return made;
    }
}
