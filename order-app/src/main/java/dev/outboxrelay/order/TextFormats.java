package dev.outboxrelay.order;

import dev.outboxrelay.order.json.TextFormat;
import java.util.Currency;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The texts that an order is made of. What passes here can stand in a mail header, a log line and a page. */
final class TextFormats {
    static final int EMAIL_LENGTH = 254;
    static final int LOCALE_LENGTH = 35;
    static final String SKU_PATTERN = "[A-Za-z0-9][A-Za-z0-9._/-]{0,63}";

    static final TextFormat SKU = matching(SKU_PATTERN, "must be 1 to 64 of A-Z a-z 0-9 . _ / -");
    static final TextFormat EMAIL = TextFormats::emailProblem;
    static final TextFormat LOCALE = TextFormats::localeProblem;
    static final TextFormat CURRENCY = TextFormats::currencyProblem;

    /** RFC 5321's dot-string and domain. No quoted local part, no address literal: shops have no use for them. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    /** With a smallest unit: gold and "no currency" have codes as well, but no price is made of them. */
    private static final Map<String, Currency> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .filter(currency -> currency.getDefaultFractionDigits() >= 0)
            .collect(Collectors.toMap(Currency::getCurrencyCode, Function.identity()));

    private TextFormats() {}

    /** One line for people to read. */
    static TextFormat line(int maxLength) {
        return text -> {
            if (text.isBlank() || text.codePointCount(0, text.length()) > maxLength) {
                return "must have 1 to " + maxLength + " characters";
            }
            return isHarmless(text)
                    ? null
                    : "must not hold control, line-breaking, direction-changing or half characters";
        };
    }

    private static boolean isHarmless(String text) {
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            if (!isHarmless(text.codePointAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static TextFormat matching(String regex, String problem) {
        Pattern pattern = Pattern.compile(regex);
        return text -> pattern.matcher(text).matches() ? null : problem;
    }

    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            case Character.FORMAT -> !isDirection(character);
            default -> true;
        };
    }

    /** Embeddings, overrides and isolates: they make a text look like another. */
    private static boolean isDirection(int character) {
        return (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
    }

    private static @Nullable String emailProblem(String text) {
        return text.length() <= EMAIL_LENGTH && ADDRESS.matcher(text).matches()
                ? null
                : "must be a mail address of up to " + EMAIL_LENGTH + " ASCII characters";
    }

    private static @Nullable String localeProblem(String text) {
        try {
            if (!text.isEmpty() && text.length() <= LOCALE_LENGTH) {
                new Locale.Builder().setLanguageTag(text);
                return null;
            }
        } catch (IllformedLocaleException e) {
            return "must be a BCP 47 language tag";
        }
        return "must be a BCP 47 language tag of up to " + LOCALE_LENGTH + " characters";
    }

    private static @Nullable String currencyProblem(String text) {
        return CURRENCIES.containsKey(text) ? null : "must be an ISO 4217 code";
    }
}
