package com.akidb.table;

import com.akidb.engine.IndexMethod;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters that indexes take, with their ranges and defaults. */
final class IndexParameters {

    /** @param otherwise the default; null where leaving it out means that each search's planner chooses */
    private record Parameter(
            String name, int least, int most, @Nullable Integer otherwise) {}

    private static final List<Parameter> HNSW = List.of(
            new Parameter("m", 4, 128, 16),
            new Parameter("ef_construction", 8, 2_000, 64),
            new Parameter("ef", 1, 10_000, null));
    private static final List<Parameter> IVFFLAT =
            List.of(new Parameter("lists", 1, 65_536, 100), new Parameter("probes", 1, 10_000, null));

    private IndexParameters() {}

    /** All parameters of a method: those given, checked, and the defaults of the others that have one. */
    static Map<String, Integer> complete(IndexMethod method, Map<String, Integer> given) {
        List<Parameter> known = of(method);
        List<String> names = known.stream().map(Parameter::name).toList();
        given.forEach((name, value) -> {
            if (!names.contains(name)) {
                String listed = names.isEmpty() ? "none" : String.join(", ", names);
                throw new InvalidInputException(
                        ErrorCode.UNKNOWN_FIELD,
                        "parameters." + name + " is not a parameter of this method; it has " + listed
                                + Suggestion.hint(name, names),
                        "parameters." + name);
            }
        });
        Map<String, Integer> all = new LinkedHashMap<>();
        for (Parameter parameter : known) {
            Integer value = given.getOrDefault(parameter.name(), parameter.otherwise());
            if (value == null) {
                continue;
            }
            if (value < parameter.least() || value > parameter.most()) {
                throw new InvalidInputException(
                        ErrorCode.OUT_OF_RANGE,
                        "parameters." + parameter.name() + " must be " + parameter.least() + " to " + parameter.most()
                                + ", got " + value,
                        "parameters." + parameter.name());
            }
            all.put(parameter.name(), value);
        }
        return all;
    }

    private static List<Parameter> of(IndexMethod method) {
        return switch (method) {
            case HNSW -> HNSW;
            case IVFFLAT -> IVFFLAT;
            case BTREE, TEXT -> List.of();
        };
    }
}
