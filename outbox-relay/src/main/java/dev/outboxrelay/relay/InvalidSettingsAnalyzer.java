package dev.outboxrelay.relay;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the configuration, without a stack trace. */
final class InvalidSettingsAnalyzer extends AbstractFailureAnalyzer<Settings.InvalidException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, Settings.InvalidException cause) {
        return new FailureAnalysis(
                cause.getMessage(), "Correct the properties above; outbox-relay's README lists them all.", cause);
    }
}
