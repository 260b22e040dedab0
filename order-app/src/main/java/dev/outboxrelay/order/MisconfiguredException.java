package dev.outboxrelay.order;

import java.util.List;
import org.springframework.boot.ExitCodeGenerator;

/** The app can't start like that; names everything that is wrong with its configuration, and no secret. */
final class MisconfiguredException extends RuntimeException implements ExitCodeGenerator {
    private static final long serialVersionUID = 1;

    MisconfiguredException(List<String> problems) {
        super(String.join("; ", problems) + ".");
    }

    /** As for a wrong option. */
    @Override
    public int getExitCode() {
        return 2;
    }
}
