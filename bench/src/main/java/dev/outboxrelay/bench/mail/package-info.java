/** The mail worker beside the wire, a bare durable loop, and a connection for each mail. */
@NullMarked
package dev.outboxrelay.bench.mail;

import org.jspecify.annotations.NullMarked;
