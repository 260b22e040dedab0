package dev.outboxrelay.mail.smtp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a {@link ScriptedSmtp} says to a command instead of the usual, once for each time that it was told; or does instead. */
final class Script {
    static final String CUT = "cut";
    static final String HANG = "hang";
    static final String DRIP = "drip";
    static final String TOGETHER = "together";
    static final String LEAVE = "\u0000and leaves";
    static final String RESET = "\u0000and resets";
    static final String DEAF = "354 go ahead, but ";

    private final Map<String, Deque<String>> replies = new ConcurrentHashMap<>();

    void add(String command, List<String> said) {
        Deque<String> scripted = replies.computeIfAbsent(command, any -> new ArrayDeque<>());
        synchronized (scripted) {
            scripted.addAll(said);
        }
    }

    /** What comes next to this command, which is not said again. */
    String next(String command, String usual) {
        Deque<String> scripted = replies.getOrDefault(command, new ArrayDeque<>());
        synchronized (scripted) {
            return scripted.isEmpty() ? usual : scripted.remove();
        }
    }
}
