package dev.outboxrelay.relay.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of the command line that have a least value: another one is a mistake, and not taken for something else. */
final class AtLeast {

    private AtLeast() {}

    /** How many: 1 or more. */
    static final class One implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            return Math.toIntExact(parse(text, 1, Integer.MAX_VALUE));
        }
    }

    /** A bound: 0 or more. */
    static final class Zero implements ITypeConverter<Long> {

        @Override
        public Long convert(String text) {
            return parse(text, 0, Long.MAX_VALUE);
        }
    }

    private static long parse(String text, long least, long most) {
        boolean isNumber = text.matches("\\d{1,18}");
        if (!isNumber || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw new TypeConversionException("must be a whole number, at least %d, not %s".formatted(least, text));
        }
        return Long.parseLong(text);
    }
}
