package dev.outboxrelay.local;

import picocli.CommandLine.Option;

/** Ports that the user asks for; 0 means the one from last time or else any free one. */
final class WantedPorts {

    static final WantedPorts ANY = new WantedPorts();

    @Option(names = "--mysql-port", paramLabel = "PORT", description = "Port of MySQL; else a free one.")
    private int mysql;

    @Option(names = "--rabbitmq-port", paramLabel = "PORT", description = "Port of AMQP; else a free one.")
    private int rabbitmq;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description = "Port of RabbitMQ's management; else a free one.")
    private int management;

    @Option(names = "--smtp-port", paramLabel = "PORT", description = "Port of the SMTP sink; else a free one.")
    private int smtp;

    @Option(names = "--mail-page-port", paramLabel = "PORT", description = "Port of its page; else a free one.")
    private int mailPage;

    int mysql() {
        return mysql;
    }

    int rabbitmq() {
        return rabbitmq;
    }

    int management() {
        return management;
    }

    int smtp() {
        return smtp;
    }

    int mailPage() {
        return mailPage;
    }
}
