package dev.outboxrelay.demo.docs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The settings in the tables of a module's README, which the module's own tests compare with what it reads. A cell may name
 * several: {@code `a.b`, `.c`} is a.b and a.c, as is {@code `a.b / c`}.
 */
public record DocumentedSettings(Set<String> names) {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    public static DocumentedSettings of(String module) {
        Set<String> names = new HashSet<>();
        for (List<String> row : Tables.of(module + "/README.md")) {
            String first = "";
            for (MatchResult code : CODE.matcher(row.get(0)).results().toList()) {
                for (String name : code.group(1).split(" / ", -1)) {
                    String whole = first.isEmpty() ? name : sibling(first, name);
                    first = first.isEmpty() ? name : first;
                    names.add(whole);
                }
            }
        }
        return new DocumentedSettings(names);
    }

    /** What a Secret's or a ConfigMap's file of this name sets. */
    public boolean has(String name) {
        return names.contains(name);
    }

    private static String sibling(String first, String name) {
        if (!first.contains(".")) {
            return name;
        }
        String last = name.startsWith(".") ? name : "." + name;
        return first.substring(0, first.lastIndexOf('.')) + last;
    }
}
