/** The whole pipeline on this machine: real servers, the three applications as processes, and orders put through them. */
@NullMarked
package dev.outboxrelay.demo;

import org.jspecify.annotations.NullMarked;
