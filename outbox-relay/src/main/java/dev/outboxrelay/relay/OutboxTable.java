package dev.outboxrelay.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An outbox table as it is. */
public record OutboxTable(String schema, String name, Set<String> columns) {

    private static final Pattern PLAIN = Pattern.compile("[\\w$]+\\.[\\w$]+");

    /** The tables are not there, or not as they must be; the message lists every problem. */
    public static final class UnfitException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnfitException(List<String> problems) {
            super(String.join("; ", problems));
        }
    }

    /**
     * Finds the tables that the configuration names.
     *
     * @param names {@code schema.table} or regular expressions over that
     * @param expected columns that each of them must have
     * @throws UnfitException with every problem at once
     */
    public static List<OutboxTable> find(JdbcClient jdbc, List<String> names, Set<String> expected) {
        if (names.isEmpty()) {
            return List.of();
        }
        List<String> existing = jdbc.sql("""
                        SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
                        WHERE table_type = 'BASE TABLE' ORDER BY 1""").query(String.class).list();
        List<String> problems = new ArrayList<>();
        List<OutboxTable> tables = new ArrayList<>();
        for (String name : names) {
            List<String> matching = existing.stream().filter(matcher(name)).toList();
            if (matching.isEmpty()) {
                problems.add("table " + name + " does not exist, or this user may not read it");
            }
            matching.forEach(table -> tables.add(read(jdbc, table)));
        }
        for (OutboxTable table : tables) {
            Set<String> missing = expected.stream()
                    .filter(column -> !table.columns().contains(column))
                    .collect(Collectors.toCollection(java.util.TreeSet::new));
            if (!missing.isEmpty()) {
                problems.add("table %s lacks the columns %s".formatted(table, String.join(", ", missing)));
            }
        }
        if (!problems.isEmpty()) {
            throw new UnfitException(problems);
        }
        return tables.stream().distinct().toList();
    }

    /** Matches the {@code schema.table} that one of the names stands for. */
    public static Predicate<String> named(List<String> names) {
        return names.stream().map(OutboxTable::matcher).reduce(name -> false, Predicate::or);
    }

    /** Whether a name is well-formed, as {@code schema.table} or as a regular expression. */
    static boolean isName(String name) {
        try {
            return name.contains(".") && Pattern.compile(name).pattern().equals(name);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    /** Whether a name is {@code schema.table}, and no regular expression. */
    static boolean isPlain(String name) {
        return PLAIN.matcher(name).matches();
    }

    private static Predicate<String> matcher(String name) {
        return isPlain(name) ? name::equals : Pattern.compile(name).asMatchPredicate();
    }

    private static OutboxTable read(JdbcClient jdbc, String qualified) {
        int dot = qualified.indexOf('.');
        String schema = qualified.substring(0, dot);
        String name = qualified.substring(dot + 1);
        List<String> columns = jdbc.sql(
                        "SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND table_name = ?")
                .params(schema, name)
                .query(String.class)
                .list();
        return new OutboxTable(schema, name, Set.copyOf(columns));
    }

    /** Quoted for SQL. */
    public String quoted() {
        return quoted(schema) + "." + quoted(name);
    }

    /** A name, quoted for SQL. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
