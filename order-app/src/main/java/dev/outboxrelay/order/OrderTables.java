package dev.outboxrelay.order;

import com.github.f4b6a3.uuid.UuidCreator;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tables {@code orders} and {@code order_lines}, in the caller's transaction. */
final class OrderTables {
    private static final String INSERT_ORDER =
            "INSERT INTO orders (id, placed_by, customer, email, locale, currency, total_minor, status, version)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String INSERT_LINES =
            "INSERT INTO order_lines (order_id, line_no, sku, name, quantity, unit_price_minor, line_total_minor) VALUES ";
    private static final String LINE = "(?, ?, ?, ?, ?, ?, ?)";

    private static final String LOCK =
            "SELECT customer, email, locale, currency, total_minor, status, version, sku, name, quantity, unit_price_minor"
                    + " FROM orders JOIN order_lines ON order_id = id WHERE id = ? AND placed_by = ? ORDER BY line_no"
                    + " FOR UPDATE OF orders";
    private static final String UPDATE = "UPDATE orders SET status = ?, version = ? WHERE id = ?";

    private final JdbcTemplate jdbc;

    OrderTables(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Order order) {
        byte[] id = UuidCreator.toBytes(order.id());
        jdbc.update(INSERT_ORDER, statement -> {
            statement.setBytes(1, id);
            statement.setString(2, order.placedBy());
            statement.setString(3, order.customer());
            statement.setString(4, order.email());
            statement.setString(5, order.locale());
            statement.setString(6, order.currency());
            statement.setLong(7, order.totalMinor());
            statement.setString(8, order.status().name());
            statement.setLong(9, order.version());
        });
        insertLines(id, order.lines());
    }

    /** All of them in one statement, and so in one round trip. */
    private void insertLines(byte[] orderId, List<OrderLine> lines) {
        jdbc.update(INSERT_LINES + String.join(", ", Collections.nCopies(lines.size(), LINE)), statement -> {
            int parameter = 0;
            int lineNo = 0;
            for (OrderLine line : lines) {
                statement.setBytes(++parameter, orderId);
                statement.setInt(++parameter, ++lineNo);
                statement.setString(++parameter, line.sku());
                statement.setString(++parameter, line.name());
                statement.setInt(++parameter, line.quantity());
                statement.setLong(++parameter, line.unitPriceMinor());
                statement.setLong(++parameter, line.totalMinor());
            }
        });
    }

    /**
     * The order, which nobody else can change until the transaction ends; empty where that caller has none by that id.
     *
     * @throws InProgressException where another transaction is changing it
     */
    Optional<Order> lock(UUID id, String placedBy) {
        try {
            return jdbc.query(
                    LOCK,
                    rows -> rows.next() ? Optional.of(read(id, placedBy, rows)) : Optional.<Order>empty(),
                    UuidCreator.toBytes(id),
                    placedBy);
        } catch (PessimisticLockingFailureException e) {
            throw new InProgressException(e);
        }
    }

    /** Writes what a command may change: the status and the version. */
    void update(Order order) {
        jdbc.update(UPDATE, order.status().name(), order.version(), UuidCreator.toBytes(order.id()));
    }

    /** From one row for each line, of which this is the first. */
    private static Order read(UUID id, String placedBy, ResultSet rows) throws SQLException {
        Order order = new Order(
                id,
                placedBy,
                rows.getString("customer"),
                rows.getString("email"),
                rows.getString("locale"),
                rows.getString("currency"),
                rows.getLong("total_minor"),
                OrderStatus.valueOf(rows.getString("status")),
                rows.getLong("version"),
                List.of());
        List<OrderLine> lines = new ArrayList<>();
        do {
            lines.add(new OrderLine(
                    rows.getString("sku"),
                    rows.getString("name"),
                    rows.getInt("quantity"),
                    rows.getLong("unit_price_minor")));
        } while (rows.next());
        return order.of(lines);
    }
}
