package com.akidb.ops;

import com.akidb.error.AkidbException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells a start that one of the rooms refused (data directory in use, database too new) by the room's own sentence. */
final class RefusalAnalyzer extends AbstractFailureAnalyzer<AkidbException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, AkidbException refusal) {
        return new FailureAnalysis(
                refusal.detail(), "docs/errors.md explains " + refusal.code() + " and what to do about it.", refusal);
    }
}
