package com.akidb.ops;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells a failed start in a sentence instead of a stack trace. */
final class StartFailureAnalyzer extends AbstractFailureAnalyzer<StartFailureException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, StartFailureException failure) {
        return new FailureAnalysis(
                String.valueOf(failure.getMessage()),
                "Run with --debug to see where it comes from; docs/DEPLOYMENT.md lists the usual causes.",
                failure);
    }
}
