package com.akidb.table.sql;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Function;

/** The functions that queries may call. All are SQLite's and touch nothing but their arguments. */
final class Functions {

    static final String SIMILARITY = "similarity";

    private static final Map<String, Kind> ALLOWED = Map.ofEntries(
            Map.entry("count", Kind.INT),
            Map.entry("sum", Kind.ANY),
            Map.entry("total", Kind.FLOAT),
            Map.entry("avg", Kind.FLOAT),
            Map.entry("min", Kind.ANY),
            Map.entry("max", Kind.ANY),
            Map.entry("abs", Kind.ANY),
            Map.entry("round", Kind.FLOAT),
            Map.entry("lower", Kind.STRING),
            Map.entry("upper", Kind.STRING),
            Map.entry("length", Kind.INT),
            Map.entry("trim", Kind.STRING),
            Map.entry("ltrim", Kind.STRING),
            Map.entry("rtrim", Kind.STRING),
            Map.entry("substr", Kind.STRING),
            Map.entry("instr", Kind.INT),
            Map.entry("coalesce", Kind.ANY),
            Map.entry("ifnull", Kind.ANY),
            Map.entry("nullif", Kind.ANY));

    /** Those that give back one of their arguments. */
    private static final Set<String> PASSING = Set.of("min", "max", "coalesce", "ifnull", "nullif", "abs");

    private static final Set<String> AGGREGATES = Set.of("count", "sum", "total", "avg");

    private Functions() {}

    /** Whether a function is about several rows; min and max are unless they compare several arguments. */
    static boolean isAggregate(Function function, String name) {
        boolean one =
                function.getParameters() == null || function.getParameters().size() < 2;
        return AGGREGATES.contains(name) || ((name.equals("min") || name.equals("max")) && one);
    }

    static String name(Function function) {
        String name = function.getName().toLowerCase(Locale.ROOT);
        if (!ALLOWED.containsKey(name) && !name.equals(SIMILARITY)) {
            throw Refusals.refused(
                    function,
                    "calls " + Refusals.shown(name) + ", which is none of the functions that are allowed: similarity, "
                            + String.join(
                                    ", ", ALLOWED.keySet().stream().sorted().toList()));
        }
        Function plain = new Function()
                .withName(function.getName())
                .withParameters(function.getParameters())
                .withDistinct(function.isDistinct());
        if (!plain.toString().equals(function.toString())) {
            throw Refusals.refused(function, "has more than a name and arguments, which is not allowed here");
        }
        return name;
    }

    static Optional<Kind> kind(String name) {
        return Optional.ofNullable(ALLOWED.get(name)).filter(kind -> !PASSING.contains(name));
    }
}
