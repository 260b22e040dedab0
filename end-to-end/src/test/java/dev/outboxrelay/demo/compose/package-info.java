/** What can be proved of compose.yaml and the images without a container engine. */
@NullMarked
package dev.outboxrelay.demo.compose;

import org.jspecify.annotations.NullMarked;
