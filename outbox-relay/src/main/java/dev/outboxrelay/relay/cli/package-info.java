/** The command line: options in, one call, output and exit code out. */
@NullMarked
package dev.outboxrelay.relay.cli;

import org.jspecify.annotations.NullMarked;
