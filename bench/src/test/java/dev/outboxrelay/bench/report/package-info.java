@NullMarked
package dev.outboxrelay.bench.report;

import org.jspecify.annotations.NullMarked;
