/** Gives a JUnit test real servers: one of each kind per JVM, a schema prefix, virtual host or empty mailbox per test. */
@NullMarked
package dev.outboxrelay.local.junit;

import org.jspecify.annotations.NullMarked;
