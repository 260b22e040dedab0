package dev.outboxrelay.flyway;

import java.io.PrintStream;
import java.util.Map;

/** The command line around {@link Migrate}: environment in, one sentence and an exit code out. */
final class MigrateCommand {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int MISUSED = 2;

    private static final String HELP = """
            Makes the schemas orders, relay and mail, their tables, and the users order_app, outbox_relay, mail_worker \
            and auditor. Running it again brings them up to date. It takes no arguments, only the environment:

              MYSQL_HOST              default 127.0.0.1
              MYSQL_PORT              default 3306
              MYSQL_ROOT_PASSWORD     required
              ORDER_APP_PASSWORD      required
              OUTBOX_RELAY_PASSWORD   required
              MAIL_WORKER_PASSWORD    required
              AUDITOR_PASSWORD        required

            A name with _FILE at its end gives a file that holds the value instead.
            Exit codes: 0 done, 1 failed, 2 set up wrongly.
            """;

    private MigrateCommand() {}

    static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
        if (args.length > 0) {
            boolean helped = args.length == 1 && args[0].equals("--help");
            (helped ? out : err).print(helped ? HELP : "Unknown argument " + args[0] + "; see --help.\n");
            return helped ? DONE : MISUSED;
        }
        Environment settings = new Environment(environment);
        String host = settings.get("MYSQL_HOST", "127.0.0.1");
        int port = settings.port("MYSQL_PORT", 3306);
        String rootPassword = settings.get("MYSQL_ROOT_PASSWORD");
        String orderApp = settings.get("ORDER_APP_PASSWORD");
        String outboxRelay = settings.get("OUTBOX_RELAY_PASSWORD");
        String mailWorker = settings.get("MAIL_WORKER_PASSWORD");
        String auditor = settings.get("AUDITOR_PASSWORD");
        if (!settings.problems().isEmpty()) {
            settings.problems().forEach(err::println);
            return MISUSED;
        }
        try {
            Migrate.run(
                    "jdbc:mysql://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port
                            + "/?connectTimeout=10000",
                    "root",
                    rootPassword,
                    Names.DEFAULT,
                    new Passwords(orderApp, outboxRelay, mailWorker, auditor));
        } catch (MigrationFailedException e) {
            err.println(e.getMessage());
            return FAILED;
        }
        out.println("Schemas orders, relay and mail and their users are up to date on " + host + ":" + port + ".");
        return DONE;
    }
}
