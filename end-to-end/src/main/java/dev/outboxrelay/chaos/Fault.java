package dev.outboxrelay.chaos;

import dev.outboxrelay.demo.App;
import dev.outboxrelay.local.LocalServer;
import java.util.List;

/**
 * One way to hurt a part of the pipeline. Both actions may be called in any state, any number of times.
 *
 * @param kind what is done, in a few words
 * @param target to whom
 * @param strike does it
 * @param heal ends it; an application need not be ready again when it returns, a server is
 * @param alone whether nothing else may be wrong meanwhile
 */
record Fault(String kind, String target, Runnable strike, Runnable heal, boolean alone) {

    private static final String KILL = "kill -9";
    private static final String TERMINATE = "SIGTERM";
    private static final String FREEZE = "SIGSTOP";

    Fault(String kind, String target, Runnable strike, Runnable heal) {
        this(kind, target, strike, heal, false);
    }

    static Fault kill(String name, App app) {
        return new Fault(KILL, name, app::kill, app::launch);
    }

    static Fault kill(String name, LocalServer server) {
        return new Fault(KILL, name, server::kill, server::start);
    }

    /** What can be done to an application. */
    static List<Fault> of(String name, App app) {
        return List.of(
                kill(name, app),
                new Fault(TERMINATE, name, app::stop, app::launch),
                new Fault(FREEZE, name, app::freeze, app::thaw));
    }

    /** What can be done to a server. */
    static List<Fault> of(String name, LocalServer server) {
        return List.of(
                kill(name, server),
                new Fault(TERMINATE, name, server::stop, server::start),
                new Fault(FREEZE, name, server::freeze, server::thaw));
    }

    /** What can be done to a connection. */
    static List<Fault> of(Link link) {
        return List.of(
                new Fault("cut", link.name(), link::cut, link::heal),
                new Fault("stall", link.name(), link::stall, link::heal));
    }
}
