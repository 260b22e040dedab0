package dev.outboxrelay.mail.letter;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;

/** Writes amounts in minor units as the reader's language writes them. For one thread: that of one mail. */
final class Money {
    private final NumberFormat format;
    private final int digits;

    Money(Currency currency, Locale locale) {
        digits = Math.max(0, currency.getDefaultFractionDigits());
        format = NumberFormat.getCurrencyInstance(locale);
        format.setCurrency(currency);
        format.setMinimumFractionDigits(digits);
        format.setMaximumFractionDigits(digits);
    }

    String format(long minor) {
        return format.format(BigDecimal.valueOf(minor, digits));
    }
}
