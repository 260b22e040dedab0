/** The documentation is run: its commands as they stand, its output compared with what comes. */
@NullMarked
package dev.outboxrelay.demo.docs;

import org.jspecify.annotations.NullMarked;
