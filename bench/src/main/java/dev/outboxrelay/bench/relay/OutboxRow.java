package dev.outboxrelay.bench.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** An outbox row whose payload carries a number by which it is recognised when it arrives. */
final class OutboxRow {

    private static final String NUMBER = "{\"seq\":";
    private static final String LIKE_AN_ORDER =
            ",\"orderId\":\"01a207b4-3653-7524-9ca2-b4f7086ff78c\",\"version\":1,\"occurredAt\":\"2026-11-23T09:19:40.768121Z\","
                    + "\"customer\":\"王小明\",\"email\":\"xiaoming@example.com\",\"locale\":\"zh-CN\",\"currency\":\"CNY\","
                    + "\"totalMinor\":25600,\"lines\":[{\"sku\":\"TEA-001\",\"name\":\"龙井茶\",\"quantity\":2,"
                    + "\"unitPriceMinor\":12800,\"lineTotalMinor\":25600}],\"note\":\"";
    private static final String END = "\"}";
    private static final int UUID_BYTES = 16;
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final int AGGREGATES = 1_000;

    private OutboxRow() {}

    static String insertInto(String table) {
        return "INSERT INTO " + table
                + " (id, aggregatetype, aggregateid, type, payload, aggregate_version) VALUES (?, 'Order', ?, 'OrderPlaced', ?, ?)";
    }

    /** Sets the parameters of {@link #insertInto} for the row of that number. */
    static void bind(PreparedStatement insert, long number, int payloadBytes) throws SQLException {
        insert.setBytes(1, id(number));
        insert.setString(2, "order-" + number % AGGREGATES);
        insert.setString(3, payload(number, payloadBytes));
        insert.setLong(4, number);
    }

    /** A payload of about that many bytes, and no fewer than an order's event has. */
    static String payload(long number, int bytes) {
        String begin = NUMBER + number + LIKE_AN_ORDER;
        int length = begin.getBytes(StandardCharsets.UTF_8).length + END.length();
        return begin + "x".repeat(Math.max(0, bytes - length)) + END;
    }

    /** The number of the row that this message was made from, however it is wrapped; -1 if there is none. */
    static long number(byte[] message) {
        for (int i = 0; i + 2 < message.length; i++) {
            if (message[i] == 's' && message[i + 1] == 'e' && message[i + 2] == 'q') {
                return digits(message, i + 3);
            }
        }
        return -1;
    }

    private static long digits(byte[] message, int from) {
        int i = from;
        while (i < message.length && !Character.isDigit(message[i])) {
            i++;
        }
        long number = 0;
        while (i < message.length && Character.isDigit(message[i])) {
            number = number * 10 + message[i++] - '0';
        }
        return number;
    }

    /** A UUIDv7 in the order of the numbers. */
    private static byte[] id(long number) {
        long millis = System.currentTimeMillis();
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(millis << 16 | VERSION_7)
                .putLong(VARIANT | number)
                .array();
    }
}
