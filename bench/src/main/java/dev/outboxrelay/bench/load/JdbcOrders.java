package dev.outboxrelay.bench.load;

import com.github.f4b6a3.uuid.UuidCreator;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The ceiling of order-app: copies of the rows that one of its orders has made, by the same statements in one transaction,
 * and nothing around them.
 */
final class JdbcOrders implements Work {

    private static final String ORDER = "placed_by, customer, email, locale, currency, total_minor, status, version";
    private static final String LINE = "line_no, sku, name, quantity, unit_price_minor, line_total_minor";
    private static final String EVENT = "aggregatetype, aggregateid, aggregate_version, type, payload, headers";

    private final Connection connection;
    private final String sampleId;
    private final List<List<Object>> order;
    private final List<List<Object>> lines;
    private final List<List<Object>> event;

    private JdbcOrders(Connection connection, String sampleId) throws SQLException {
        this.connection = connection;
        this.sampleId = sampleId;
        this.order = read(ORDER, "orders", "id = UUID_TO_BIN(?)");
        this.lines = read(LINE, "order_lines", "order_id = UUID_TO_BIN(?) ORDER BY line_no");
        this.event = read(EVENT, "outbox", "aggregateid = ?");
        if (order.size() != 1 || lines.isEmpty() || event.size() != 1) {
            throw new IllegalStateException("There is no order " + sampleId + " to copy");
        }
        connection.commit();
    }

    static JdbcOrders connect(LoadSettings settings) throws SQLException {
        Connection connection = Mysql.connect(settings);
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return new JdbcOrders(connection, settings.required("BENCH_SAMPLE_ORDER"));
    }

    @Override
    public void once() throws SQLException {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        byte[] orderId = UuidCreator.toBytes(id);
        insert("orders (id, " + ORDER + ")", orderId, order);
        insert("order_lines (order_id, " + LINE + ")", orderId, lines);
        List<Object> announced = new ArrayList<>();
        for (Object value : event.get(0)) {
            announced.add(value instanceof String text ? text.replace(sampleId, id.toString()) : value);
        }
        byte[] eventId = UuidCreator.toBytes(UuidCreator.getTimeOrderedEpoch());
        insert("outbox (id, " + EVENT + ")", eventId, List.of(announced));
        connection.commit();
    }

    /** All rows in one statement. */
    private void insert(String into, byte[] id, List<List<Object>> rows) throws SQLException {
        String row = "(?" + ", ?".repeat(rows.get(0).size()) + ")";
        String sql = "INSERT INTO " + into + " VALUES " + row + (", " + row).repeat(rows.size() - 1);
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int parameter = 0;
            for (List<Object> values : rows) {
                insert.setBytes(++parameter, id);
                for (Object value : values) {
                    insert.setObject(++parameter, value);
                }
            }
            insert.executeUpdate();
        }
    }

    private List<List<Object>> read(String columns, String table, String condition) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + columns + " FROM " + table + " WHERE " + condition)) {
            select.setString(1, sampleId);
            List<List<Object>> rows = new ArrayList<>();
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    List<Object> row = new ArrayList<>();
                    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                        row.add(found.getObject(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
