package dev.outboxrelay.relay.cli.doctor;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One line of {@code SHOW GRANTS}.
 *
 * @param schema a pattern as in LIKE; {@code *} for all
 * @param table {@code *} for all
 */
record Grant(Set<String> privileges, String schema, String table) {

    private static final Pattern LINE =
            Pattern.compile("GRANT (.+) ON (?:TABLE )?(\\*|`(?:[^`]|``)+`)\\.(\\*|`(?:[^`]|``)+`) TO .*");
    /** Not within the columns of {@code SELECT (a, b)}. */
    private static final Pattern COMMA = Pattern.compile(", (?![^(]*\\))");

    /** Empty for a role, a proxy, or a routine: of no use for tables. */
    static Optional<Grant> parse(String line) {
        Matcher grant = LINE.matcher(line);
        if (!grant.matches()) {
            return Optional.empty();
        }
        Set<String> privileges = COMMA.splitAsStream(grant.group(1))
                .filter(privilege -> !privilege.equals("USAGE"))
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        if (line.endsWith(" WITH GRANT OPTION")) {
            privileges.add("GRANT OPTION");
        }
        return Optional.of(new Grant(privileges, unquoted(grant.group(2)), unquoted(grant.group(3))));
    }

    /** Whether it allows that; a table {@code *} is a whole schema, both {@code *} the whole server. */
    boolean covers(String privilege, String inSchema, String inTable) {
        boolean has = privileges.contains(privilege) || privileges.contains("ALL PRIVILEGES");
        boolean where = schema.equals("*")
                || (!inSchema.equals("*") && like(inSchema) && (table.equals("*") || table.equals(inTable)));
        return has && where;
    }

    /** Quoted for SQL. */
    String where() {
        return quoted(schema) + "." + quoted(table);
    }

    /** The schema where it is one, without the escapes of a pattern. */
    String plainSchema() {
        return schema.replace("\\_", "_").replace("\\%", "%");
    }

    private boolean like(String name) {
        if (!table.equals("*")) {
            return schema.equals(name); // no pattern where a table is named
        }
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < schema.length(); i++) {
            char c = schema.charAt(i);
            if (c == '\\' && i + 1 < schema.length()) {
                pattern.append(Pattern.quote(String.valueOf(schema.charAt(++i))));
            } else {
                pattern.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return name.matches(pattern.toString());
    }

    private static String unquoted(String name) {
        return name.startsWith("`") ? name.substring(1, name.length() - 1).replace("``", "`") : name;
    }

    private static String quoted(String name) {
        return name.equals("*") ? name : "`" + name.replace("`", "``") + "`";
    }
}
