package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Daemons that nobody remembers any more, because their directory was deleted under them, say. Every daemon of ours carries
 * a mark in its environment, which its children inherit; on Linux we can read it.
 */
final class Leftovers {

    /** The variable whose value is the daemon's directory. */
    static final String MARK = "OUTBOX_RELAY_LOCAL_SERVICE";

    private Leftovers() {}

    /** Kills all daemons, and children of theirs, that belong to that directory or to one in it. Returns how many. */
    static int end(Path root) {
        List<OsProcess> found = ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> belongs(process, root))
                .map(OsProcess::of)
                .toList();
        found.forEach(OsProcess::kill);
        return found.size();
    }

    private static boolean belongs(ProcessHandle process, Path root) {
        try {
            String environment =
                    Files.readString(Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1);
            String path = new String(root.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            return Arrays.stream(environment.split("\0"))
                    .filter(variable -> variable.startsWith(MARK + "="))
                    .map(variable -> variable.substring(MARK.length() + 1))
                    .anyMatch(directory -> directory.equals(path) || directory.startsWith(path + "/"));
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }
}
