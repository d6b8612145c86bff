package com.akidb.configuration;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with the configuration, a line for each problem and no stack trace. */
final class InvalidConfigurationAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidConfigurationException cause) {
        List<ConfigurationProblem> problems = cause.problems();
        String heading = problems.size() == 1
                ? "The configuration has a problem:\n\n"
                : "The configuration has " + problems.size() + " problems:\n\n";
        String lines = problems.stream().map(problem -> "  - " + problem).collect(Collectors.joining("\n"));
        return new FailureAnalysis(
                heading + lines, "Correct what is listed; docs/configuration.md explains every key.", rootFailure);
    }
}
