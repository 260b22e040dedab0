package dev.outboxrelay.mail.letter;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Writes amounts in minor units as the reader's language writes them. For one thread: that of one mail. */
final class Money {
    private static final ConcurrentMap<Locale, NumberFormat> FORMATS = new ConcurrentHashMap<>();

    private final NumberFormat format;
    private final int digits;

    Money(Currency currency, Locale locale) {
        digits = Math.max(0, currency.getDefaultFractionDigits());
        // To make one takes longer than all that is done with it.
        format = (NumberFormat) FORMATS.computeIfAbsent(locale, NumberFormat::getCurrencyInstance)
                .clone();
        format.setCurrency(currency);
        format.setMinimumFractionDigits(digits);
        format.setMaximumFractionDigits(digits);
    }

    String format(long minor) {
        return format.format(BigDecimal.valueOf(minor, digits));
    }
}
