package dev.outboxrelay.mail.run;

import dev.outboxrelay.mail.settings.InvalidSettingsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the settings, without a stack trace. */
final class InvalidSettingsAnalyzer extends AbstractFailureAnalyzer<InvalidSettingsException> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, InvalidSettingsException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()), "Every setting is described in mail-worker/README.md.", cause);
    }
}
