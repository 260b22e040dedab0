package dev.outboxrelay.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The payload of every event, as docs/events.md describes it; the order of the fields is their order on the wire. */
@JsonPropertyOrder({
    "orderId",
    "version",
    "occurredAt",
    "customer",
    "email",
    "locale",
    "currency",
    "totalMinor",
    "lines",
    "carrier",
    "tracking",
    "reason"
})
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderEvent(
        UUID orderId,
        long version,
        String occurredAt,
        String customer,
        String email,
        String locale,
        String currency,
        long totalMinor,
        List<Line> lines,
        @Nullable String carrier,
        @Nullable String tracking,
        @Nullable String reason) {

    /** Always six digits, so that texts compare as times do. */
    private static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

    static OrderEvent of(Order order, @Nullable Change change, Instant occurredAt) {
        return new OrderEvent(
                order.id(),
                order.version(),
                MICROS.format(occurredAt),
                order.customer(),
                order.email(),
                order.locale(),
                order.currency(),
                order.totalMinor(),
                order.lines().stream().map(Line::of).toList(),
                change == null ? null : change.carrier(),
                change == null ? null : change.tracking(),
                change == null ? null : change.reason());
    }

    @JsonPropertyOrder({"sku", "name", "quantity", "unitPriceMinor", "lineTotalMinor"})
    record Line(String sku, String name, int quantity, long unitPriceMinor, long lineTotalMinor) {
        static Line of(OrderLine line) {
            return new Line(line.sku(), line.name(), line.quantity(), line.unitPriceMinor(), line.totalMinor());
        }
    }
}
