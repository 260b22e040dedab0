package dev.outboxrelay.mail.letter;

import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An order event as its JSON has it; what it needs to hold depends on its type. Fields that are not here are ignored.
 */
record OrderEvent(
        @Nullable String orderId,
        @Nullable String occurredAt,
        @Nullable String customer,
        @Nullable String email,
        @Nullable String locale,
        @Nullable String currency,
        @Nullable Long totalMinor,
        @Nullable List<@Nullable Line> lines,
        @Nullable String carrier,
        @Nullable String tracking,
        @Nullable String reason) {
    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    /** One thing ordered. Money is in minor units of the order's currency. */
    record Line(
            @Nullable String sku,
            @Nullable String name,
            @Nullable Integer quantity,
            @Nullable Long unitPriceMinor,
            @Nullable Long lineTotalMinor) {
        boolean isComplete() {
            return name != null && quantity != null && unitPriceMinor != null && lineTotalMinor != null;
        }
    }

    /** What is missing for a mail of this type, if anything. */
    Optional<String> problem(OrderEventType type) {
        return Stream.of(
                        missing("orderId", orderId),
                        missing("customer", customer),
                        missing("currency", currency),
                        missing("totalMinor", totalMinor),
                        missing("lines", lines),
                        type == OrderEventType.OrderShipped ? missing("carrier", carrier) : Optional.<String>empty(),
                        currency != null && !isCurrency(currency)
                                ? Optional.of("currency is not an ISO 4217 code")
                                : Optional.<String>empty(),
                        lines != null && lines.stream().anyMatch(line -> line == null || !line.isComplete())
                                ? Optional.of("a line lacks name, quantity, unitPriceMinor or lineTotalMinor")
                                : Optional.<String>empty())
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> missing(String name, @Nullable Object value) {
        return value == null ? Optional.of(name + " is missing") : Optional.empty();
    }

    private static boolean isCurrency(String code) {
        return CURRENCIES.contains(code);
    }
}
