package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.RelayConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the user may do what a relay must, and no more. */
final class GrantChecks {

    private static final Set<String> BINLOG = Set.of("REPLICATION CLIENT", "REPLICATION SLAVE");
    private static final Set<String> ROWS = Set.of("DELETE", "INSERT", "SELECT", "UPDATE");
    private static final Pattern PLAIN_NAME = Pattern.compile("([\\w$]+)\\.([\\w$]+)");
    private static final int MOST_NAMED = 6;

    private final Patient patient;
    private final RelayConfig config;
    private final Set<String> ofOutbox;

    GrantChecks(Patient patient) {
        this.patient = patient;
        config = patient.config();
        ofOutbox = config.janitor().enabled() ? Set.of("DELETE", "SELECT") : Set.of("SELECT");
    }

    Outcome look() {
        List<Grant> grants = grants();
        String user = quotedUser();
        Map<String, Set<String>> missing = missing(grants);
        Map<String, Set<String>> surplus = surplus(grants);
        List<Outcome> problems = new ArrayList<>();
        missing.forEach((where, privileges) -> problems.add(Outcome.failed(
                "%s on %s is missing".formatted(list(privileges), where),
                "GRANT %s ON %s TO %s;".formatted(list(privileges), where, user))));
        if (!surplus.isEmpty()) {
            problems.add(Outcome.warning("more than it needs: " + named(surplus), revoke(surplus, user)));
        }
        return Outcome.of(
                problems,
                "all that it needs, no more: %s; %s on the outbox; %s on `%s`%s"
                        .formatted(
                                list(BINLOG),
                                list(ofOutbox),
                                list(ROWS),
                                config.schema(),
                                config.verification().isOn()
                                        ? "; SELECT on " + config.verification().confirmations()
                                        : ""));
    }

    private List<Grant> grants() {
        String roles =
                patient.jdbc().sql("SELECT CURRENT_ROLE()").query(String.class).single();
        String statement = "SHOW GRANTS FOR CURRENT_USER()" + ("NONE".equals(roles) ? "" : " USING " + roles);
        return patient.jdbc().sql(statement).query(String.class).list().stream()
                .map(Grant::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    private String quotedUser() {
        String user =
                patient.jdbc().sql("SELECT CURRENT_USER()").query(String.class).single();
        int at = user.lastIndexOf('@');
        return "'%s'@'%s'".formatted(user.substring(0, at), user.substring(at + 1));
    }

    private Map<String, Set<String>> missing(List<Grant> grants) {
        Map<String, Set<String>> missing = new LinkedHashMap<>();
        addMissing(missing, grants, BINLOG, "*", "*");
        for (String table : config.tables()) {
            var plain = PLAIN_NAME.matcher(table);
            if (plain.matches()) {
                addMissing(missing, grants, ofOutbox, plain.group(1), plain.group(2));
            }
        }
        addMissing(missing, grants, ROWS, config.schema(), "*");
        var confirmations = PLAIN_NAME.matcher(config.verification().confirmations());
        if (confirmations.matches()) {
            addMissing(missing, grants, Set.of("SELECT"), confirmations.group(1), confirmations.group(2));
        }
        return missing;
    }

    private static void addMissing(
            Map<String, Set<String>> missing, List<Grant> grants, Set<String> privileges, String schema, String table) {
        Set<String> not = privileges.stream()
                .filter(privilege -> grants.stream().noneMatch(grant -> grant.covers(privilege, schema, table)))
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        if (!not.isEmpty()) {
            missing.put(new Grant(not, schema, table).where(), not);
        }
    }

    private Map<String, Set<String>> surplus(List<Grant> grants) {
        Map<String, Set<String>> surplus = new LinkedHashMap<>();
        for (Grant grant : grants) {
            Set<String> more = new LinkedHashSet<>(grant.privileges());
            more.removeAll(needed(grant));
            if (!more.isEmpty()) {
                surplus.computeIfAbsent(grant.where(), where -> new LinkedHashSet<>())
                        .addAll(more);
            }
        }
        return surplus;
    }

    /** What is needed in just the place of a grant. */
    private Set<String> needed(Grant grant) {
        if (grant.schema().equals("*")) {
            return BINLOG;
        }
        if (grant.plainSchema().equals(config.schema())) {
            return ROWS;
        }
        String table = grant.schema() + "." + grant.table();
        if (table.equals(config.verification().confirmations())) {
            return Set.of("SELECT");
        }
        return config.tables().stream().anyMatch(table::matches) ? ofOutbox : Set.of();
    }

    private static String named(Map<String, Set<String>> surplus) {
        List<String> all = each(surplus, "%s on %s").toList();
        return String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size())))
                + (all.size() > MOST_NAMED ? " and %d more".formatted(all.size() - MOST_NAMED) : "");
    }

    private static String revoke(Map<String, Set<String>> surplus, String user) {
        return each(surplus, "%s").count() > MOST_NAMED
                ? "Give the relay a user of its own; java -jar flyway/target/flyway.jar makes outbox_relay"
                : surplus.entrySet().stream()
                        .map(place ->
                                "REVOKE %s ON %s FROM %s;".formatted(list(place.getValue()), place.getKey(), user))
                        .collect(Collectors.joining("\n"));
    }

    private static Stream<String> each(Map<String, Set<String>> places, String format) {
        return places.entrySet().stream()
                .flatMap(place -> place.getValue().stream().map(each -> format.formatted(each, place.getKey())));
    }

    private static String list(Set<String> privileges) {
        return privileges.stream().sorted().collect(Collectors.joining(", "));
    }
}
