/** The only package that knows Debezium: binlog records in, {@link dev.outboxrelay.relay.SourceEvent}s out. */
@NullMarked
package dev.outboxrelay.relay.binlog;

import org.jspecify.annotations.NullMarked;
