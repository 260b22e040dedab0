package dev.outboxrelay.chaos;

/**
 * A campaign in numbers.
 *
 * @param placed orders answered with 2xx
 * @param events in the outbox
 * @param mailed of those, the ones with a mail at least
 * @param lost of those, the ones without
 * @param misordered mails behind a later one of their order, but for what a purge has delayed
 * @param duplicated mails beyond the first of an event
 * @param unknown outcomes of which the mail worker could not tell whether the mail was sent
 * @param published messages that the campaign's own queue got
 * @param redriven events that verification has published again
 * @param retries requests beyond the first of a command
 */
record Figures(
        long placed,
        long events,
        long mailed,
        long lost,
        long misordered,
        long duplicated,
        long unknown,
        long published,
        long redriven,
        long retries) {}
