package dev.outboxrelay.order.json;

/**
 * One thing that is wrong with a request.
 *
 * @param pointer where: a JSON pointer as a URI fragment (RFC 6901, section 6)
 * @param detail what, in words for the caller; never what was sent
 */
public record Violation(String pointer, String detail) {}
