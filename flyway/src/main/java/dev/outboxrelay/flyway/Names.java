package dev.outboxrelay.flyway;

import java.util.regex.Pattern;

/**
 * What the schemas and users are called: the same words in every installation, behind a prefix, so that several sets
 * can live in one server.
 *
 * @param prefix empty, or up to 16 of {@code a-z 0-9 _}
 */
public record Names(String prefix) {
    private static final Pattern PREFIX = Pattern.compile("[a-z0-9_]{0,16}");

    /** No prefix. */
    public static final Names DEFAULT = new Names("");

    public Names {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "The prefix \"" + prefix + "\" must be up to 16 lower-case letters, digits or underscores.");
        }
    }

    public String orders() {
        return prefix + "orders";
    }

    public String relay() {
        return prefix + "relay";
    }

    public String mail() {
        return prefix + "mail";
    }

    public String orderApp() {
        return prefix + "order_app";
    }

    public String outboxRelay() {
        return prefix + "outbox_relay";
    }

    public String mailWorker() {
        return prefix + "mail_worker";
    }

    public String auditor() {
        return prefix + "auditor";
    }
}
