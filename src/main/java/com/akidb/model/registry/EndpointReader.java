package com.akidb.model.registry;

import com.akidb.configuration.ConfigurationProblem;
import com.akidb.model.ModelSource;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the source of a model that runs elsewhere. */
final class EndpointReader {

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern MODEL = Pattern.compile("[!-~]{1,256}");

    private final List<ConfigurationProblem> problems;
    private final String key;

    /**
     * A reader that adds to a list of problems.
     *
     * @param key the key of the source, such as {@code akidb.models.entries[0].source}
     */
    EndpointReader(List<ConfigurationProblem> problems, String key) {
        this.problems = problems;
        this.key = key;
    }

    ModelSource.Endpoint read(ModelEntry.Source source, @Nullable String id) {
        String address = Objects.requireNonNullElse(source.endpoint(), "");
        String variable = Objects.requireNonNullElse(source.keyVariable(), "");
        String name = Objects.requireNonNullElse(id, "");
        String model = Objects.requireNonNullElse(source.model(), name.substring(name.lastIndexOf('/') + 1));
        if (source.directory() != null || source.repository() != null || source.classPath() != null) {
            problem("", "must have no files for the backend openai, only endpoint, key-variable and model");
        }
        if (source.endpoint() != null && !ModelSource.Endpoint.isAddress(address)) {
            problem(".endpoint", "must be an http or https address such as https://api.example.com/v1");
        } else if (!address.isEmpty() && !variable.isEmpty() && !ModelSource.Endpoint.keepsKeysSafe(address)) {
            problem(".endpoint", "must be https, since a key is sent there");
        }
        if (source.keyVariable() != null && !VARIABLE.matcher(variable).matches()) {
            problem(".key-variable", "must be the name of an environment variable");
        } else if (!variable.isEmpty() && address.isEmpty()) {
            problem(".key-variable", "belongs to an endpoint; without one akidb.openai.key-variable is used");
        }
        if (!MODEL.matcher(model).matches()) {
            problem(".model", "must be the name of the model there, 1 to 256 printable ASCII characters");
        }
        return new ModelSource.Endpoint(address.replaceAll("/+$", ""), model, variable);
    }

    private void problem(String name, String rule) {
        problems.add(ConfigurationProblem.of(key + name, rule));
    }
}
