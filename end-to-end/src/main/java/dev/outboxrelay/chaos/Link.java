package dev.outboxrelay.chaos;

import dev.outboxrelay.local.Direction;
import dev.outboxrelay.local.FaultProxy;

/** The way of one application to one server, with a proxy in it. */
record Link(String name, FaultProxy proxy) {

    static Link between(String application, String server, String host, int port) {
        return new Link(application + "→" + server, FaultProxy.to(host, port));
    }

    /** Where the application finds the server. */
    String address() {
        return "127.0.0.1:" + proxy.port();
    }

    void cut() {
        proxy.cut();
    }

    /** Nothing passes, and nobody is told. */
    void stall() {
        proxy.freeze(Direction.BOTH);
    }

    void heal() {
        proxy.heal();
    }
}
