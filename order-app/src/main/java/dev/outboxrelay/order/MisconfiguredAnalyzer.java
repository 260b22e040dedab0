package dev.outboxrelay.order;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says it in a sentence instead of a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MisconfiguredAnalyzer extends AbstractFailureAnalyzer<MisconfiguredException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, MisconfiguredException cause) {
        return new FailureAnalysis(cause.getMessage(), "See the table in order-app/README.md.", cause);
    }
}
