package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonBinary;
import dev.outboxrelay.relay.OutboxTable;
import io.debezium.connector.mysql.charset.MySqlCharsetRegistry;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A column as the table has it now, to make a value of what a row image holds: the same kinds that the relay makes of it.
 *
 * @param type {@code data_type} in lower case
 * @param fullType {@code column_type}: with what stands in parentheses, and {@code unsigned}
 * @param charset null for what is no text
 */
record BinlogColumn(
        String name, String type, String fullType, @Nullable Charset charset) {

    private static final MySqlCharsetRegistry CHARSETS = new MySqlCharsetRegistry();
    private static final Pattern ENUM_VALUE = Pattern.compile("'((?:[^']|'')*)'");

    static List<BinlogColumn> of(JdbcClient jdbc, OutboxTable table) {
        return jdbc.sql("""
                        SELECT column_name, data_type, column_type, character_set_name FROM information_schema.columns
                        WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position""")
                .params(table.schema(), table.name())
                .query(BinlogColumn::column)
                .list();
    }

    private static BinlogColumn column(ResultSet row, int number) throws SQLException {
        return new BinlogColumn(
                row.getString(1),
                row.getString(2).toLowerCase(Locale.ROOT),
                row.getString(3),
                charset(row.getString(4)));
    }

    private static @Nullable Charset charset(@Nullable String mysql) {
        if (mysql == null || "binary".equals(mysql)) {
            return null;
        }
        return Charset.forName(Objects.requireNonNull(
                CHARSETS.getJavaEncodingForCharSet(mysql),
                () -> "MySQL's character set " + mysql + " is not one that the driver knows"));
    }

    Object decode(Serializable value) throws IOException {
        return switch (type) {
            case "json" -> JsonBinary.parseAsString((byte[]) value);
            case "timestamp", "datetime" -> Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
            case "enum" -> enumValue((Integer) value);
            case "tinyint" -> unsigned((Integer) value, 0xFFL);
            case "smallint" -> unsigned((Integer) value, 0xFFFFL);
            case "mediumint" -> unsigned((Integer) value, 0xFFFFFFL);
            case "int" -> unsigned((Integer) value, 0xFFFFFFFFL);
            case "bigint" -> bigint((Long) value);
            default -> charset != null && value instanceof byte[] bytes ? new String(bytes, charset) : value;
        };
    }

    private Object unsigned(int value, long mask) {
        return fullType.contains("unsigned") ? (Object) (value & mask) : (Object) value;
    }

    private Object bigint(long value) {
        return fullType.contains("unsigned")
                ? new BigDecimal(new BigInteger(Long.toUnsignedString(value)))
                : (Object) value;
    }

    private String enumValue(int index) {
        Matcher values = ENUM_VALUE.matcher(fullType);
        for (int i = 0; i < index; i++) {
            if (!values.find()) {
                return Integer.toString(index);
            }
        }
        return index == 0 ? "" : Objects.requireNonNull(values.group(1)).replace("''", "'");
    }
}
