package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.Destination;
import dev.outboxrelay.relay.RelayConfig;
import java.util.ArrayList;
import java.util.List;

/** Looks at everything that a relay needs, from near to far, and goes on where something fails. */
public final class Doctor {

    private Doctor() {}

    /**
     * All findings, in the order of the stages. Changes nothing, publishes nothing that a consumer could see, and returns within
     * the sum of its time limits, whatever hangs.
     */
    public static List<Finding> examine(Patient patient) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        RelayConfig config = patient.config();
        new Series("configuration", findings)
                .check(
                        "complete",
                        () -> Outcome.ok("relay '%s' publishes %s to exchange %s by %s"
                                .formatted(
                                        config.name(),
                                        String.join(", ", config.tables()),
                                        config.exchange(),
                                        config.routingKey())));
        Series mysql = new Series("mysql", findings);
        new MySqlChecks(patient).run(mysql);
        new BinlogChecks(patient).run(mysql.next("binlog"));
        Series tables = mysql.next("tables");
        List<Destination> destinations = new TableChecks(patient).run(tables);
        new PositionChecks(patient).run(tables.next("position"));
        new BrokerChecks(patient.settings(), destinations, TopologyChecks.routes(patient.settings()))
                .run(new Series("rabbitmq", findings));
        new TopologyChecks(patient.settings(), destinations).run(new Series("topology", findings));
        return findings;
    }
}
