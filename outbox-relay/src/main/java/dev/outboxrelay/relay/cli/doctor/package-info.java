/** The doctor: looks at everything that a relay needs, changes nothing, and says what to do about what is wrong. */
@NullMarked
package dev.outboxrelay.relay.cli.doctor;

import org.jspecify.annotations.NullMarked;
