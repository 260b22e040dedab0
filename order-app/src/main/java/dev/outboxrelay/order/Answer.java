package dev.outboxrelay.order;

import org.jspecify.annotations.Nullable;

/**
 * What a caller is told of a command that was carried out, byte for byte, so that it can be told again.
 *
 * @param location only of an order that is new
 * @param etag the order's version, for If-Match
 */
record Answer(int status, @Nullable String location, String etag, String body) {}
