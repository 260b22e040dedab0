/** What can be proved of deploy/ without a cluster, a Prometheus or a Grafana. */
@NullMarked
package dev.outboxrelay.demo.deploy;

import org.jspecify.annotations.NullMarked;
