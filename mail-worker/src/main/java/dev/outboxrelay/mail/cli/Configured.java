package dev.outboxrelay.mail.cli;

import java.util.Map;

/** The command above all others, which has the settings that were on the command line. */
public interface Configured {
    /** They come before files and environment. */
    Map<String, String> settings();
}
