package com.akidb.engine;

import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Predicates as their description has them, straight and slow: empty stands for unknown. */
public final class NaiveFilter {

    private final Function<FieldPath, @Nullable Object> row;

    /**
     * @param row gives a field's value: null, String, Long, Double, Boolean, Instant, List or Map
     */
    public NaiveFilter(Function<FieldPath, @Nullable Object> row) {
        this.row = row;
    }

    public boolean passes(Predicate predicate) {
        return truth(predicate).orElse(false);
    }

    private Optional<Boolean> truth(Predicate predicate) {
        return switch (predicate) {
            case Predicate.And and -> and(and.terms().stream().map(this::truth).toList());
            case Predicate.Or or ->
                and(or.terms().stream().map(term -> not(truth(term))).toList()).map(all -> !all);
            case Predicate.Not not -> not(truth(not.term()));
            case Predicate.Contains contains ->
                present(contains.field())
                        .map(value -> value instanceof List<?> array
                                && (contains.quantifier() == Predicate.Quantifier.ALL
                                        ? contains.values().stream().allMatch(each -> hasElement(array, each))
                                        : contains.values().stream().anyMatch(each -> hasElement(array, each))));
            case Predicate.IsNull isNull -> Optional.of(row.apply(isNull.field()) == null);
            case Predicate.In in ->
                present(in.field()).map(value -> in.values().stream().anyMatch(other -> equal(value, other)));
            case Predicate.Like like ->
                present(like.field())
                        .filter(String.class::isInstance)
                        .map(text ->
                                pattern(like.pattern()).matcher((String) text).matches());
            case Predicate.Compare compare -> compare(compare);
        };
    }

    private static boolean hasElement(List<?> array, Object wanted) {
        return array.stream()
                .anyMatch(element -> element != null
                        && equal(element instanceof BigInteger big ? (Object) big.doubleValue() : element, wanted));
    }

    private static Optional<Boolean> not(Optional<Boolean> truth) {
        return truth.map(value -> !value);
    }

    private static Optional<Boolean> and(List<Optional<Boolean>> terms) {
        if (terms.stream().anyMatch(term -> term.isPresent() && !term.get())) {
            return Optional.of(false);
        }
        return terms.stream().allMatch(Optional::isPresent) ? Optional.of(true) : Optional.empty();
    }

    private Optional<Object> present(FieldPath field) {
        return Optional.ofNullable(row.apply(field));
    }

    private Optional<Boolean> compare(Predicate.Compare compare) {
        Object constant = compare.value();
        return switch (compare.operator()) {
            case EQUAL -> present(compare.field()).map(value -> equal(value, constant));
            case NOT_EQUAL -> present(compare.field()).map(value -> !equal(value, constant));
            default ->
                present(compare.field())
                        .flatMap(value -> order(value, constant))
                        .map(sign -> holds(compare.operator(), sign));
        };
    }

    private static boolean holds(Operator operator, int sign) {
        return switch (operator) {
            case LESS -> sign < 0;
            case LESS_OR_EQUAL -> sign <= 0;
            case GREATER -> sign > 0;
            default -> sign >= 0;
        };
    }

    private static boolean equal(Object value, Object constant) {
        if (value instanceof Boolean || constant instanceof Boolean) {
            return value.equals(constant);
        }
        return order(value, constant).map(sign -> sign == 0).orElse(false);
    }

    private static Optional<Integer> order(Object value, Object constant) {
        if (value instanceof Number a && constant instanceof Number b) {
            return Optional.of(decimal(a).compareTo(decimal(b)));
        }
        if (value instanceof String a && constant instanceof String b) {
            int[] left = a.codePoints().toArray();
            int[] right = b.codePoints().toArray();
            return Optional.of(java.util.Arrays.compare(left, right));
        }
        if (value instanceof Instant a && constant instanceof Instant b) {
            return Optional.of(a.compareTo(b));
        }
        return Optional.empty();
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof Long whole ? BigDecimal.valueOf(whole) : new BigDecimal(number.doubleValue());
    }

    private static Pattern pattern(String like) {
        StringBuilder regex = new StringBuilder();
        int[] points = like.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            switch (points[i]) {
                case '%' -> regex.append(".*");
                case '_' -> regex.append('.');
                case '\\' -> regex.append(Pattern.quote(Character.toString(points[++i])));
                default -> regex.append(Pattern.quote(Character.toString(points[i])));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** The value at a path in nested maps. */
    public static @Nullable Object at(@Nullable Object json, List<String> path) {
        Object value = json;
        for (String key : path) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return value;
    }
}
