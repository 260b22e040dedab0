/** What is measured beside ours, each a process of its own: a poller as tutorials write it, and the bare ceilings. */
@NullMarked
package dev.outboxrelay.bench.peer;

import org.jspecify.annotations.NullMarked;
