package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What expressions mean. Whoever computes them in another way, such as a renderer to SQL or a filter over columns in memory, must
 * give the same.
 *
 * <p>Values are String, Long, Double, Boolean, Instant (in microseconds), {@link Json} for arrays and objects, or null where there
 * is none; JSON null is null. The rules:
 *
 * <ul>
 *   <li>A condition is true, false or unknown, which is null; {@code and}, {@code or} and {@code not} are those of three values.
 *   <li>Conditions and functions of null are unknown or null; {@code is null}, {@code coalesce}, {@code case}, {@code and} and
 *       {@code or} look further.
 *   <li>{@code =} holds for values of the same kind that are equal, and does not between kinds. Numbers are equal by value,
 *       exactly. An array or object equals nothing.
 *   <li>Orders, patterns and computations over values of other kinds than theirs are unknown or null. Strings are ordered by
 *       code point; true and false have no order.
 *   <li>Integers are of 64 bits; a sum, difference or product beyond them is a Double. Between integers {@code /} cuts off. By
 *       zero nothing can be divided: null.
 * </ul>
 */
public final class Evaluator {

    /** The field that failures blame; who asked knows which it is. */
    public static final String FIELD = "expression";

    /** Longest text that may be made, in UTF-16 units. */
    public static final int MOST_TEXT = 32 << 20;

    private static final int MOST_DIGITS = 20;
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(Long.SIZE);
    private static final Pattern WHOLE = Pattern.compile("\\s*([+-]?)0*+(\\d*+)");
    private static final Pattern REAL = Pattern.compile("\\s*([+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?)");
    private static final JsonScalars JSON = new JsonScalars();

    private final Cells cells;

    /** What the columns of a row hold. */
    @FunctionalInterface
    public interface Cells {

        /** The value in the column; of a JSON column its text. */
        @Nullable
        Object value(Expression.Column column);
    }

    public Evaluator(Cells cells) {
        this.cells = cells;
    }

    /**
     * The value of an expression of one row.
     *
     * @throws InvalidInputException if it cannot be computed, such as the absolute value of the least integer, or is too large
     * @throws IllegalArgumentException if it is about more than one row
     */
    public @Nullable Object evaluate(Expression expression) {
        return switch (expression) {
            case Expression.Constant(var value) -> value;
            case Expression.Column column -> column(column);
            case Expression.Case cases -> cases(cases);
            case Expression.Call call ->
                switch (call.function()) {
                    case AND -> all(call.arguments(), true);
                    case OR -> all(call.arguments(), false);
                    case COALESCE, IFNULL -> {
                        for (Expression each : call.arguments()) {
                            Object value = call.kind() == Kind.JSON ? evaluate(each) : operand(each);
                            if (value != null) {
                                yield value;
                            }
                        }
                        yield null;
                    }
                    default -> {
                        List<@Nullable Object> arguments =
                                new ArrayList<>(call.arguments().size());
                        for (Expression argument : call.arguments()) {
                            arguments.add(operand(argument));
                        }
                        yield apply(call.function(), arguments);
                    }
                };
            case Expression.Similarity _, Expression.Scalar _, Expression.InSelect _, Expression.Exists _ ->
                throw new IllegalArgumentException("not about one row: " + expression);
        };
    }

    private @Nullable Object column(Expression.Column column) {
        Object value = cells.value(column);
        if (value == null || (column.path().isEmpty() && column.kind() != Kind.JSON)) {
            return value;
        }
        return column.path().isEmpty() ? new Json((String) value) : inside((String) value, column.path());
    }

    private static @Nullable Object inside(String json, List<String> path) {
        Object found = JSON.findShown(json, path);
        return found == JsonScalars.NOTHING ? null : found;
    }

    /** The value as functions take it: of a whole JSON column what it holds. */
    private @Nullable Object operand(Expression expression) {
        Object value = evaluate(expression);
        return expression.kind() == Kind.JSON && value instanceof Json(String text) ? inside(text, List.of()) : value;
    }

    private @Nullable Object cases(Expression.Case cases) {
        Object operand = cases.operand() == null ? null : operand(cases.operand());
        for (Expression.Case.When when : cases.whens()) {
            Object condition = operand(when.condition());
            boolean holds = cases.operand() == null
                    ? Boolean.TRUE.equals(condition)
                    : Boolean.TRUE.equals(apply(Function.EQUAL, Arrays.asList(operand, condition)));
            if (holds) {
                return result(when.result(), cases.kind());
            }
        }
        return cases.otherwise() == null ? null : result(cases.otherwise(), cases.kind());
    }

    private @Nullable Object result(Expression result, Kind kind) {
        return kind == Kind.JSON ? evaluate(result) : operand(result);
    }

    private @Nullable Boolean all(List<Expression> terms, boolean all) {
        boolean unknown = false;
        for (Expression term : terms) {
            if (operand(term) instanceof Boolean truth) {
                if (truth != all) {
                    return !all;
                }
            } else {
                unknown = true;
            }
        }
        return unknown ? null : (Boolean) all;
    }

    /**
     * The value of a function, but for {@code AND} and {@code OR}, of values.
     *
     * @throws InvalidInputException if it cannot be computed
     */
    public static @Nullable Object apply(Function function, List<? extends @Nullable Object> values) {
        Object first = values.getFirst();
        Object second = values.size() > 1 ? values.get(1) : null;
        return switch (function) {
            case NOT -> first instanceof Boolean truth ? (Object) !truth : null;
            case EQUAL -> first == null || second == null ? null : (Object) equal(first, second);
            case NOT_EQUAL -> first == null || second == null ? null : (Object) !equal(first, second);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> ordered(function, first, second);
            case BETWEEN ->
                and(
                        ordered(Function.GREATER_OR_EQUAL, first, second),
                        ordered(Function.LESS_OR_EQUAL, first, values.get(2)));
            case IN -> in(first, values.subList(1, values.size()));
            case LIKE ->
                first instanceof String text && second instanceof String pattern
                        ? (Object) new LikePattern(pattern).matches(text)
                        : null;
            case IS_NULL -> first == null;
            case CONTAINS_ANY, CONTAINS_ALL -> contains(function, first, values.subList(1, values.size()));
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO ->
                first instanceof Number a && second instanceof Number b ? arithmetic(function, a, b) : null;
            case NEGATE -> first instanceof Number number ? arithmetic(Function.SUBTRACT, 0L, number) : null;
            case CONCAT -> concat(values);
            case TO_INT -> toInt(first);
            case TO_FLOAT -> toFloat(first);
            case TO_TEXT -> toText(first);
            case ABS -> first instanceof Number number ? abs(number) : null;
            case ROUND -> round(first, values);
            case LOWER -> first instanceof String text ? ascii(text, 'A', 'Z', 'a' - 'A') : null;
            case UPPER -> first instanceof String text ? ascii(text, 'a', 'z', 'A' - 'a') : null;
            case LENGTH -> first instanceof String text ? (Object) (long) text.codePointCount(0, text.length()) : null;
            case TRIM, LTRIM, RTRIM -> trim(function, first, values);
            case SUBSTR -> substr(values);
            case INSTR ->
                first instanceof String text && second instanceof String wanted ? (Object) instr(text, wanted) : null;
            case COALESCE, IFNULL ->
                values.stream().filter(value -> value != null).findFirst().orElse(null);
            case NULLIF -> first != null && second != null && equal(first, second) ? null : first;
            case LEAST, GREATEST -> extreme(function == Function.LEAST, values);
            case AND, OR, COUNT, SUM, TOTAL, AVERAGE, MINIMUM, MAXIMUM ->
                throw new IllegalArgumentException("not of values: " + function);
        };
    }

    private static @Nullable Object and(@Nullable Boolean one, @Nullable Boolean other) {
        if (Boolean.FALSE.equals(one) || Boolean.FALSE.equals(other)) {
            return false;
        }
        return one == null || other == null ? null : (Object) true;
    }

    private static boolean equal(Object one, Object other) {
        if (one instanceof Boolean || other instanceof Boolean) {
            return one.equals(other);
        }
        Integer sign = compare(one, other);
        return sign != null && sign == 0;
    }

    /** The order of values of one kind; null if they are of two, or of one that has none. */
    private static @Nullable Integer compare(Object one, Object other) {
        return switch (one) {
            case String a when other instanceof String b -> Scalars.compare(a, b);
            case Instant a when other instanceof Instant b -> a.compareTo(b);
            case Number a when other instanceof Number b -> compare(a, b);
            default -> null;
        };
    }

    private static int compare(Number one, Number other) {
        return switch (one) {
            case Long a when other instanceof Long b -> Long.compare(a, b);
            case Long a -> Scalars.compare((long) a, other.doubleValue());
            case Number a when other instanceof Long b -> -Scalars.compare((long) b, a.doubleValue());
            default -> Scalars.compare(one.doubleValue(), other.doubleValue());
        };
    }

    private static @Nullable Boolean ordered(Function function, @Nullable Object one, @Nullable Object other) {
        Integer sign = one == null || other == null ? null : compare(one, other);
        if (sign == null) {
            return null;
        }
        return switch (function) {
            case LESS -> sign < 0;
            case LESS_OR_EQUAL -> sign <= 0;
            case GREATER -> sign > 0;
            default -> sign >= 0;
        };
    }

    private static @Nullable Object in(@Nullable Object value, List<? extends @Nullable Object> choices) {
        if (value == null) {
            return null;
        }
        boolean unknown = false;
        for (Object choice : choices) {
            if (choice == null) {
                unknown = true;
            } else if (equal(value, choice)) {
                return true;
            }
        }
        return unknown ? null : (Object) false;
    }

    private static @Nullable Object contains(
            Function function, @Nullable Object value, List<? extends @Nullable Object> wanted) {
        if (value == null || wanted.stream().anyMatch(each -> each == null)) {
            return null;
        }
        List<Object> elements = value instanceof Json(String text) ? JSON.elements(text) : null;
        if (elements == null) {
            return false;
        }
        return function == Function.CONTAINS_ALL
                ? wanted.stream().allMatch(each -> hasElement(elements, each))
                : wanted.stream().anyMatch(each -> hasElement(elements, each));
    }

    private static boolean hasElement(List<Object> elements, @Nullable Object wanted) {
        return wanted != null && elements.stream().anyMatch(element -> equal(element, wanted));
    }

    private static @Nullable Object arithmetic(Function function, Number one, Number other) {
        if (function == Function.MODULO) {
            return modulo(one, other);
        }
        if (one instanceof Long a && other instanceof Long b) {
            try {
                return switch (function) {
                    case ADD -> Math.addExact(a, b);
                    case SUBTRACT -> Math.subtractExact(a, b);
                    case MULTIPLY -> Math.multiplyExact(a, b);
                    default -> b == 0 ? null : (Object) Math.divideExact(a, b);
                };
            } catch (ArithmeticException e) {
                // Beyond 64 bits: as Doubles.
                return real(function, a, b);
            }
        }
        return real(function, one.doubleValue(), other.doubleValue());
    }

    private static @Nullable Object real(Function function, double one, double other) {
        double result = switch (function) {
            case ADD -> one + other;
            case SUBTRACT -> one - other;
            case MULTIPLY -> one * other;
            default -> other == 0 ? Double.NaN : one / other;
        };
        return Double.isNaN(result) ? null : (Object) result;
    }

    /** The rest of a division of integers, to which Doubles are cut. */
    private static @Nullable Object modulo(Number one, Number other) {
        long divisor = whole(other);
        if (divisor == 0) {
            return null;
        }
        long rest = divisor == -1 ? 0 : whole(one) % divisor;
        return one instanceof Long && other instanceof Long ? (Object) rest : (Object) (double) rest;
    }

    /** A number without what stands behind its point; the nearest integer of 64 bits if it is beyond them. */
    private static long whole(Number number) {
        return number instanceof Long whole ? whole : (long) number.doubleValue();
    }

    private static @Nullable Object concat(List<? extends @Nullable Object> values) {
        StringBuilder text = new StringBuilder();
        for (Object value : values) {
            if (!(value instanceof String) && !(value instanceof Number)) {
                return null;
            }
            String part = (String) toText(value);
            if (part != null) {
                requireRoom(text.length() + (long) part.length());
                text.append(part);
            }
        }
        return text.toString();
    }

    private static void requireRoom(long length) {
        if (length > MOST_TEXT) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "a text of more than " + (MOST_TEXT >> 20) + " MB", FIELD);
        }
    }

    /** Of a text the integer that it begins with, or 0. */
    private static @Nullable Object toInt(@Nullable Object value) {
        return switch (value) {
            case Number number -> whole(number);
            case Boolean truth -> truth ? 1L : 0L;
            case Instant instant -> ChronoUnit.MICROS.between(Instant.EPOCH, instant);
            case String text -> {
                Matcher whole = WHOLE.matcher(text);
                yield whole.lookingAt() ? whole(whole.group(1), whole.group(2)) : 0L;
            }
            case null, default -> null;
        };
    }

    /** The nearest integer of 64 bits. */
    private static long whole(String sign, String digits) {
        boolean negative = sign.equals("-");
        if (digits.isEmpty()) {
            return 0;
        }
        BigInteger value = digits.length() > MOST_DIGITS ? TWO_TO_64 : new BigInteger(digits);
        BigInteger signed = negative ? value.negate() : value;
        return signed.bitLength() < Long.SIZE ? signed.longValue() : negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** Of a text the number that it begins with, or 0. */
    private static @Nullable Object toFloat(@Nullable Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean truth -> truth ? 1.0 : 0.0;
            case Instant instant -> (double) ChronoUnit.MICROS.between(Instant.EPOCH, instant);
            case String text -> {
                Matcher real = REAL.matcher(text);
                yield real.lookingAt() ? Double.parseDouble(real.group(1)) : 0.0;
            }
            case null, default -> null;
        };
    }

    private static @Nullable Object toText(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Double number -> text(number);
            case Json(String text) -> text;
            case null -> null;
            case Object other -> other.toString();
        };
    }

    /** A number with a point, in the fewest digits that tell it from others. */
    private static String text(double number) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "Inf" : "-Inf";
        }
        String shortest = Double.toString(number);
        double size = Math.abs(number);
        if (size == 0 || (size >= 1e-4 && size < 1e15)) {
            String plain = new BigDecimal(shortest).toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        int exponent = shortest.indexOf('E');
        String sign = shortest.charAt(exponent + 1) == '-' ? "" : "+";
        return shortest.substring(0, exponent) + "e" + sign + shortest.substring(exponent + 1);
    }

    private static Object abs(Number number) {
        if (number instanceof Long whole) {
            if (whole == Long.MIN_VALUE) {
                throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "integer overflow", FIELD);
            }
            return Math.abs(whole);
        }
        return Math.abs(number.doubleValue());
    }

    private static @Nullable Object round(@Nullable Object value, List<? extends @Nullable Object> values) {
        Object digits = values.size() > 1 ? values.get(1) : (Object) 0L;
        if (!(value instanceof Number number) || !(digits instanceof Number places)) {
            return null;
        }
        double real = number.doubleValue();
        // Beyond 2^52 there is nothing behind the point.
        return Math.abs(real) >= 0x1p52
                ? real
                : new BigDecimal(real)
                        .setScale((int) Math.clamp(whole(places), 0, 30), RoundingMode.HALF_UP)
                        .doubleValue();
    }

    private static String ascii(String text, char from, char to, int shift) {
        char[] units = text.toCharArray();
        for (int i = 0; i < units.length; i++) {
            if (units[i] >= from && units[i] <= to) {
                units[i] += (char) shift;
            }
        }
        return new String(units);
    }

    private static @Nullable Object trim(
            Function function, @Nullable Object value, List<? extends @Nullable Object> values) {
        Object which = values.size() > 1 ? values.get(1) : " ";
        if (!(value instanceof String text) || !(which instanceof String points)) {
            return null;
        }
        int start = 0;
        int end = text.length();
        while (function != Function.RTRIM && start < end && points.indexOf(text.codePointAt(start)) >= 0) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (function != Function.LTRIM && end > start && points.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    /** Characters from a place, 1 for the first, -1 for the last; a negative length takes those before it. */
    private static @Nullable Object substr(List<? extends @Nullable Object> values) {
        if (!(values.getFirst() instanceof String text)
                || !(values.get(1) instanceof Number place)
                || (values.size() > 2 && !(values.get(2) instanceof Number))) {
            return null;
        }
        long length = text.codePointCount(0, text.length());
        long from = Math.clamp(whole(place), -MOST_TEXT - 1L, MOST_TEXT + 1L);
        long count = values.size() > 2 && values.get(2) instanceof Number number
                ? Math.clamp(whole(number), -2L * MOST_TEXT, 2L * MOST_TEXT)
                : 4L * MOST_TEXT;
        // Place 0 stands before the first.
        long start = from > 0 ? from - 1 : from == 0 ? -1 : length + from;
        long end = count >= 0 ? start + count : start;
        start = count >= 0 ? start : start + count;
        if (from == 0 && count < 0) {
            return "";
        }
        int first = (int) Math.clamp(start, 0, length);
        int last = (int) Math.clamp(end, first, length);
        int begin = text.offsetByCodePoints(0, first);
        return text.substring(begin, text.offsetByCodePoints(begin, last - first));
    }

    private static long instr(String text, String wanted) {
        int at = text.indexOf(wanted);
        return at < 0 ? 0 : text.codePointCount(0, at) + 1L;
    }

    /** The least or greatest: numbers, then strings, true and false, arrays and objects, and points in time. */
    private static @Nullable Object extreme(boolean least, List<? extends @Nullable Object> values) {
        Object found = values.getFirst();
        for (Object value : values) {
            if (value == null || found == null) {
                return null;
            }
            int sign = total(value, found);
            // Of equals, such as 1 and 1.0, the least is the last and the greatest the first.
            found = (least ? sign <= 0 : sign > 0) ? value : found;
        }
        return found;
    }

    private static int total(Object one, Object other) {
        int kinds = Integer.compare(rank(one), rank(other));
        if (kinds != 0) {
            return kinds;
        }
        return switch (one) {
            case Boolean truth -> truth.compareTo((Boolean) other);
            case Json(String text) -> Scalars.compare(text, ((Json) other).text());
            default -> java.util.Objects.requireNonNull(compare(one, other));
        };
    }

    private static int rank(Object value) {
        return IntStream.range(0, RANKS.size())
                .filter(rank -> RANKS.get(rank).isInstance(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no value: " + value));
    }

    private static final List<Class<?>> RANKS =
            List.of(Number.class, String.class, Boolean.class, Json.class, Instant.class);
}
