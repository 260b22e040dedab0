package dev.outboxrelay.relay.cli;

/** What a command's exit code says. */
public enum ExitCode {
    /** What was asked for is done. */
    DONE(0),
    /** It could not be done, and nothing was changed, or as much as was said. */
    FAILED(1),
    /** The command line or the configuration is wrong, or a question was not answered with yes; nothing was done. */
    USAGE(2),
    /** The relay is further behind than the limits given. */
    BEHIND(3),
    /** Something does not work: the position is lost or unknown, a check has failed. */
    UNHEALTHY(4),
    /** It is done, but events were left out that should have been among it, or are missing at the consumer; each was named. */
    GAPS(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
