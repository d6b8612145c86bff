package com.akidb.query;

import com.akidb.text.Words;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What expressions can compute. {@link Evaluator} says what each means. */
public enum Function {
    AND,
    OR,
    NOT,
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    /** The first is between the second and the third, both included. */
    BETWEEN,
    /** The first equals one of the others. */
    IN,
    /** The first matches the second, a pattern. */
    LIKE,
    IS_NULL,
    /** The first is a JSON array that has an element equal to one of the others. */
    CONTAINS_ANY,
    /** The first is a JSON array that has an element equal to each of the others. */
    CONTAINS_ALL,

    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MODULO,
    NEGATE,
    CONCAT,
    TO_INT,
    TO_FLOAT,
    TO_TEXT,

    ABS("abs", 1, 1),
    ROUND("round", 1, 2),
    LOWER("lower", 1, 1),
    UPPER("upper", 1, 1),
    LENGTH("length", 1, 1),
    TRIM("trim", 1, 2),
    LTRIM("ltrim", 1, 2),
    RTRIM("rtrim", 1, 2),
    SUBSTR("substr", 2, 3),
    INSTR("instr", 2, 2),
    COALESCE("coalesce", 2, 100),
    IFNULL("ifnull", 2, 2),
    NULLIF("nullif", 2, 2),
    LEAST("min", 2, 100),
    GREATEST("max", 2, 100),

    COUNT("count", 1, 1),
    SUM("sum", 1, 1),
    TOTAL("total", 1, 1),
    AVERAGE("avg", 1, 1),
    MINIMUM("min", 1, 1),
    MAXIMUM("max", 1, 1);

    /** The function of scores, which is no {@link Function} since its second argument is a text or a vector. */
    static final String SIMILARITY = "similarity";

    private static final Map<String, Function> BY_NAME = new TreeMap<>();

    static {
        Arrays.stream(values()).filter(each -> each.written != null).forEach(each -> BY_NAME.put(each.written, each));
    }

    private final @Nullable String written;
    private final int least;
    private final int most;

    Function() {
        this(null, 1, Integer.MAX_VALUE);
    }

    Function(@Nullable String written, int least, int most) {
        this.written = written;
        this.least = least;
        this.most = most;
    }

    /** Whether it is about several rows. */
    public boolean isAggregate() {
        return compareTo(COUNT) >= 0;
    }

    /** Whether it is true, false or unknown. */
    public boolean isCondition() {
        return compareTo(CONTAINS_ALL) <= 0;
    }

    /** Refuses a name that is not one of a function. */
    static void require(String name, Place place) {
        if (!BY_NAME.containsKey(name) && !name.equals(SIMILARITY)) {
            throw place.invalid("calls '" + Words.shown(name)
                    + "', which is not one of the allowed functions: similarity, "
                    + String.join(", ", BY_NAME.keySet()));
        }
    }

    /** The function of that name for so many arguments; {@code min} and {@code max} of one are about several rows. */
    static Function of(String name, int arguments, Place place) {
        require(name, place);
        Function function = switch (name) {
            case "min" -> arguments < 2 ? MINIMUM : LEAST;
            case "max" -> arguments < 2 ? MAXIMUM : GREATEST;
            default -> BY_NAME.get(name);
        };
        return java.util.Objects.requireNonNull(function);
    }

    void requireArguments(int count, Place place) {
        if (count < least || count > most) {
            throw place.invalid("calls '" + written + "' with the wrong number of arguments; it takes "
                    + (least == most ? least : least + " to " + most));
        }
    }

    /** As SQL writes it; the name of the constant if SQL has a sign for it. */
    @Override
    public String toString() {
        return written == null ? name().toLowerCase(Locale.ROOT) : written;
    }
}
