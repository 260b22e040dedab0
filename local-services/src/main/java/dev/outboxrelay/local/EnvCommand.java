package dev.outboxrelay.local;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code env}: export lines for a shell, passwords included. */
@Command(
        name = "env",
        description = "Print export lines for a shell: eval \"$$(bin/services env)\". Passwords are in clear.",
        mixinStandardHelpOptions = true)
final class EnvCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Services services;

    @Override
    public Integer call() {
        Daemons daemons = Daemons.in(services.state());
        if (!daemons.allRun()) {
            throw new LocalServiceException("Not all servers run. Start them with: bin/services up");
        }
        PrintWriter out = spec.commandLine().getOut();
        variables(daemons).forEach((name, value) -> out.println("export " + name + "=" + quoted(value)));
        return 0;
    }

    private static Map<String, Object> variables(Daemons daemons) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("OUTBOX_SERVICES_STATE", daemons.state());
        all.put("MYSQL_HOST", daemons.mysql().host());
        all.put("MYSQL_PORT", daemons.mysql().port());
        all.put("MYSQL_ROOT_PASSWORD", daemons.mysql().rootPassword());
        all.put("RABBITMQ_URI", daemons.rabbitmq().uri());
        all.put("RABBITMQ_MANAGEMENT_URL", daemons.rabbitmq().managementUri());
        all.put("SMTP_HOST", daemons.smtp().host());
        all.put("SMTP_PORT", daemons.smtp().port());
        all.put("SMTP_USERNAME", daemons.smtp().username());
        all.put("SMTP_PASSWORD", daemons.smtp().password());
        all.put("SMTP_CA_FILE", daemons.smtp().caFile());
        all.put("MAIL_SINK_URL", daemons.smtp().pageUri());
        return all;
    }

    private static String quoted(Object value) {
        return "'" + value.toString().replace("'", "'\\''") + "'";
    }
}
