package com.akidb.ops;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/** Says why the server did not start: as plain text to people, as one log line to machines that read the log as JSON. */
final class StartFailureReporter implements FailureAnalysisReporter {

    private static final Logger log = LoggerFactory.getLogger(StartFailureReporter.class);

    /** Where Spring keeps the format of log lines for machines; absent for people. */
    private static final String FORMAT = "CONSOLE_LOG_STRUCTURED_FORMAT";

    @Override
    @SuppressWarnings("SystemOut")
    public void report(FailureAnalysis failure) {
        log.debug("The server did not start", failure.getCause());
        if (System.getProperty(FORMAT) == null) {
            System.err.println(
                    "AkiDB did not start.\n\n" + failure.getDescription() + "\n\n" + failure.getAction() + "\n");
        } else {
            log.atError()
                    .addKeyValue("problem", failure.getDescription())
                    .addKeyValue("action", failure.getAction())
                    .log("The server did not start: {}", failure.getDescription());
        }
    }
}
