package dev.outboxrelay.order;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tables {@code orders} and {@code order_lines}, in the caller's transaction. */
final class OrderTables {
    private static final String INSERT_ORDER =
            "INSERT INTO orders (id, placed_by, customer, email, locale, currency, total_minor, status, version)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String INSERT_LINE =
            "INSERT INTO order_lines (order_id, line_no, sku, name, quantity, unit_price_minor, line_total_minor)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)";

    private final JdbcTemplate jdbc;

    OrderTables(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Order order) {
        byte[] id = UuidCreator.toBytes(order.id());
        jdbc.update(
                INSERT_ORDER,
                id,
                order.placedBy(),
                order.customer(),
                order.email(),
                order.locale(),
                order.currency(),
                order.totalMinor(),
                order.status().name(),
                order.version());
        insertLines(id, order.lines());
    }

    /** In one round trip: the driver is told to rewrite the batch into one statement. */
    private void insertLines(byte[] orderId, List<OrderLine> lines) {
        int[] lineNo = {0};
        jdbc.batchUpdate(INSERT_LINE, lines, lines.size(), (statement, line) -> {
            statement.setBytes(1, orderId);
            statement.setInt(2, ++lineNo[0]);
            statement.setString(3, line.sku());
            statement.setString(4, line.name());
            statement.setInt(5, line.quantity());
            statement.setLong(6, line.unitPriceMinor());
            statement.setLong(7, line.totalMinor());
        });
    }
}
