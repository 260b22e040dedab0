package dev.outboxrelay.order;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies for POST /v1/orders, none of which is valid, the same ones for the same seed. */
final class MalformedBodies {
    private static final List<String> TEXTS = List.of("customer", "email", "locale", "currency");
    private static final List<String> LINE_TEXTS = List.of("sku", "name");
    private static final List<String> NUMBERS = List.of("quantity", "unitPriceMinor");
    private static final List<String> JUNK = List.of(
            "null", "true", "[]", "{}", "1", "-1", "1.5", "1e400", "NaN", "01", "+1", "0x1", "'a'", "/**/1", "\"", "]",
            "}", "");
    private static final List<String> BAD_TEXTS = List.of(
            "",
            " ",
            "\t",
            "\u0000",
            "a\r\nBcc: b@example.com",
            "a\nb",
            "\u0007",
            "\u007f",
            "\u0085",
            "\u2028",
            "\u202e",
            "\u2066a",
            "\ud800",
            "\udc00\ud800",
            "x".repeat(1000),
            "\u00a0\r");
    private static final List<String> BAD_EMAILS = List.of(
            "a",
            "@",
            "a@",
            "@b.de",
            "a@b",
            "a b@c.de",
            "a@b..de",
            "a@-b.de",
            "a@b.de\n",
            "<a@b.de>",
            "a@b.de,c@d.de",
            "\"a\"@b.de",
            "a@[127.0.0.1]",
            "ü@b.de",
            "a@bü.de",
            "a".repeat(65) + "@b.de",
            "a@" + "b.".repeat(130) + "de");
    private static final List<String> BAD_LOCALES =
            List.of("", "_", "e", "en_US", "english!", "en-", "x".repeat(36), "中文");
    private static final List<String> BAD_CURRENCIES =
            List.of("", "eur", "EU", "EURO", "XXX", "XAU", "ZZZ", "€", "E R");
    private static final List<String> BAD_NUMBERS = List.of(
            "-1",
            "-9223372036854775808",
            "9223372036854775808",
            "1" + "0".repeat(30),
            "1" + "0".repeat(2000),
            "1.5",
            "1e3",
            "1E-3",
            "1e999999999",
            "-0.0",
            "1000000000001",
            "\"1\"",
            "true",
            "null",
            "[]",
            "{}",
            "[1]");

    private final Random random;

    MalformedBodies(long seed) {
        this.random = new Random(seed);
    }

    byte[] next() {
        List<Supplier<byte[]>> kinds = List.of(
                this::withoutAField,
                this::withAnotherType,
                this::withAnUnknownField,
                this::withABadText,
                this::withABadNumber,
                this::withAnImpossibleSum,
                this::withTooManyLines,
                this::withAFieldTwice,
                this::truncated,
                this::withMoreBehind,
                this::nested,
                this::notUtf8,
                this::noise);
        return pick(kinds).get();
    }

    private byte[] withoutAField() {
        ObjectNode body = body();
        String name = pick(List.of(
                "customer", "email", "locale", "currency", "lines", "sku", "name", "quantity", "unitPriceMinor"));
        (body.has(name) ? body : line(body)).remove(name);
        return bytes(body);
    }

    private byte[] withAnotherType() {
        ObjectNode body = body();
        String name = pick(List.of("customer", "email", "locale", "currency", "lines", "sku", "name"));
        (body.has(name) ? body : line(body)).put(name, "@@@");
        return bytes(body, pick(JUNK));
    }

    private byte[] withAnUnknownField() {
        ObjectNode body = body();
        (random.nextBoolean() ? body : line(body)).put("x" + random.nextInt() + pick(BAD_TEXTS), random.nextInt());
        return bytes(body);
    }

    private byte[] withABadText() {
        ObjectNode body = body();
        switch (random.nextInt(5)) {
            case 0 -> body.put("email", pick(BAD_EMAILS));
            case 1 -> body.put("locale", pick(BAD_LOCALES));
            case 2 -> body.put("currency", pick(BAD_CURRENCIES));
            case 3 -> line(body).put(pick(LINE_TEXTS), pick(BAD_TEXTS));
            default -> body.put(pick(TEXTS), pick(BAD_TEXTS));
        }
        return bytes(body);
    }

    private byte[] withABadNumber() {
        ObjectNode body = body();
        line(body).put(pick(NUMBERS), "@@@");
        return bytes(body, pick(BAD_NUMBERS));
    }

    private byte[] withAnImpossibleSum() {
        ObjectNode body = body();
        ArrayNode lines = body.putArray("lines");
        for (int i = 0; i < 10; i++) {
            lines.addObject()
                    .put("sku", "A")
                    .put("name", "b")
                    .put("quantity", OrderLine.MAX_QUANTITY)
                    .put("unitPriceMinor", OrderLine.MAX_UNIT_PRICE - random.nextInt(1000));
        }
        return bytes(body);
    }

    private byte[] withTooManyLines() {
        ObjectNode body = body();
        ArrayNode lines = (ArrayNode) body.get("lines");
        if (random.nextBoolean()) {
            lines.add(pick(JUNK));
        } else {
            ObjectNode line = line(body).deepCopy();
            while (lines.size() <= PlaceOrder.MAX_LINES) {
                lines.add(line);
            }
        }
        return bytes(body);
    }

    private byte[] withAFieldTwice() {
        String body = body().toString();
        String name = pick(TEXTS);
        return utf8("{\"" + name + "\":\"en\"," + body.substring(1));
    }

    private byte[] truncated() {
        byte[] body = bytes(body());
        byte[] start = new byte[random.nextInt(body.length)];
        System.arraycopy(body, 0, start, 0, start.length);
        return start;
    }

    private byte[] withMoreBehind() {
        return utf8(body() + pick(List.of("{}", "]", "}", ",", "x", "null", "\u0000", "\ufeff", "//", "[1]")));
    }

    private byte[] nested() {
        int depth = 1 + random.nextInt(9_000);
        return utf8(
                pick(List.of("{\"lines\":" + "[".repeat(depth), "{\"a\":".repeat(depth) + "1" + "}".repeat(depth))));
    }

    private byte[] notUtf8() {
        byte[] body = bytes(body());
        ByteArrayOutputStream broken = new ByteArrayOutputStream();
        int at = random.nextInt(body.length + 1);
        broken.write(body, 0, at);
        broken.writeBytes(pick(List.of(
                new byte[] {(byte) 0xff},
                new byte[] {(byte) 0xc0, (byte) 0x80},
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[] {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                new byte[] {(byte) 0x80})));
        broken.write(body, at, body.length - at);
        return random.nextInt(4) == 0 ? body().toString().getBytes(StandardCharsets.UTF_16) : broken.toByteArray();
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(300)];
        random.nextBytes(noise);
        return noise;
    }

    private static ObjectNode body() {
        return Bodies.placeOrderTree();
    }

    private static ObjectNode line(ObjectNode body) {
        return (ObjectNode) body.get("lines").get(0);
    }

    /** With a piece of JSON, or of none, in place of the text {@code @@@}. */
    private static byte[] bytes(ObjectNode body, String raw) {
        return utf8(body.toString().replace("\"@@@\"", raw));
    }

    /** Half a surrogate pair is escaped: the bytes are UTF-8, the text is not. */
    private static byte[] bytes(ObjectNode body) {
        return utf8(JsonMapper.shared()
                .writeValueAsString(body)
                .replace("\ud800", "\\ud800")
                .replace("\udc00", "\\udc00"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
