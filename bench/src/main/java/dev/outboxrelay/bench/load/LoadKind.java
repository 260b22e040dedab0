package dev.outboxrelay.bench.load;

/** What a process of load does. */
public enum LoadKind {
    /** Posts orders to order-app. */
    HTTP_ORDERS,
    /** Writes the rows of orders by itself. */
    JDBC_ORDERS,
    /** Claims, sends over a kept connection, marks; each for itself. */
    DURABLE_MAILS,
    /** Sends each mail over a new connection with STARTTLS and login; claims and marks nothing. */
    MAILS_BY_CONNECTION
}
