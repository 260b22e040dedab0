package dev.outboxrelay.demo.docs;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text without what differs from run to run: each id (UUID or traceparent) becomes a name by order of appearance, each time a word. */
record Shape(String text) {

    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z?");
    private static final Pattern DURATION = Pattern.compile("\\s+\\d+\\.\\d+ m?s");

    static Shape of(String text) {
        Map<String, String> names = new HashMap<>();
        Matcher ids = ID.matcher(text);
        String named = ids.replaceAll(id -> names.computeIfAbsent(id.group(), key -> "id-" + names.size()));
        String timeless = TIME.matcher(named).replaceAll("time");
        return new Shape(DURATION.matcher(timeless).replaceAll(" duration").strip());
    }
}
