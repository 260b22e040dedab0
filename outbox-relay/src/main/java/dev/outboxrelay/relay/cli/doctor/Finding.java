package dev.outboxrelay.relay.cli.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What one check found.
 *
 * @param evidence what was seen, without a secret
 * @param fix what to type or to change; null where nothing is wrong
 */
public record Finding(
        String stage,
        String check,
        Result result,
        String evidence,
        @Nullable String fix) {

    /** How a check ended. */
    public enum Result {
        OK,
        /** The relay works, but not as well or as safely as it could. */
        WARNING,
        /** The relay does not work like this, or loses something. */
        FAILED,
        /** It was not looked at; the evidence says why. */
        SKIPPED
    }
}
