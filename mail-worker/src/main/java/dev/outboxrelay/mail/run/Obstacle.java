package dev.outboxrelay.mail.run;

import java.util.Optional;
import java.util.function.Supplier;

/** Tries out what every mail needs, and says what is in the way. */
@FunctionalInterface
interface Obstacle extends Supplier<Optional<String>> {}
