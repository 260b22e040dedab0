package dev.outboxrelay.demo;

import dev.outboxrelay.flyway.Names;

/** Where in the servers a pipeline lives, so that several can share them. */
public record Scope(Names names, String vhost) {

    /** The names that an installation of its own has. */
    public static final Scope DEFAULT = new Scope(Names.DEFAULT, "/");
}
