package dev.outboxrelay.order;

import dev.outboxrelay.order.json.Fields;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The command to place an order: valid in itself, by construction. */
record PlaceOrder(
        @Schema(minLength = 1, maxLength = MAX_NAME, example = "王小明")
        String customer,

        @Schema(minLength = 3, maxLength = TextFormats.EMAIL_LENGTH, format = "email", example = "xiaoming@example.com")
        String email,

        @Schema(
                minLength = 2,
                maxLength = TextFormats.LOCALE_LENGTH,
                description = "BCP 47 language tag",
                example = "zh-CN")
        String locale,

        @Schema(pattern = "^[A-Z]{3}$", description = "ISO 4217", example = "CNY")
        String currency,

        @ArraySchema(
                minItems = 1,
                maxItems = MAX_LINES,
                arraySchema =
                        @Schema(description = "quantity times unitPriceMinor add up to no more than 9007199254740991"))
        List<OrderLine> lines) {
    static final int MAX_LINES = 500;
    static final int MAX_NAME = 200;

    /** The largest integer that every JSON reader keeps exactly (RFC 8259, section 6). */
    private static final long MAX_TOTAL = (1L << 53) - 1;

    static PlaceOrder read(Fields fields) {
        PlaceOrder order = new PlaceOrder(
                fields.text("customer", TextFormats.line(MAX_NAME)),
                fields.text("email", TextFormats.EMAIL),
                fields.text("locale", TextFormats.LOCALE),
                fields.text("currency", TextFormats.CURRENCY),
                fields.objects("lines", MAX_LINES, PlaceOrder::readLine));
        if (order.totalMinor() > MAX_TOTAL) {
            fields.note("lines", "must not add up to more than " + MAX_TOTAL);
        }
        return order;
    }

    private static OrderLine readLine(Fields fields) {
        return new OrderLine(
                fields.text("sku", TextFormats.SKU),
                fields.text("name", TextFormats.line(MAX_NAME)),
                (int) fields.integer("quantity", 1, OrderLine.MAX_QUANTITY),
                fields.integer("unitPriceMinor", 0, OrderLine.MAX_UNIT_PRICE));
    }

    /** Up to one more than the largest total that is allowed, so that nothing overflows on the way there. */
    long totalMinor() {
        long total = 0;
        for (OrderLine line : lines) {
            total = Math.min(total + line.totalMinor(), MAX_TOTAL + 1);
        }
        return total;
    }
}
