package com.akidb.engine.embedded.index.filter;

import com.akidb.error.DeadlineExceededException;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Evaluates a predicate over a range of ordinals to bits. Negation is carried down to the leaves, which answer it by
 * themselves, so that an unknown stays unknown.
 */
final class PredicateEvaluator {

    private final Map<FieldPath, ValueColumn> columns;
    private final BooleanSupplier isOver;

    /** @param isOver whether the caller has given up */
    PredicateEvaluator(Map<FieldPath, ValueColumn> columns, BooleanSupplier isOver) {
        this.columns = columns;
        this.isOver = isOver;
    }

    /**
     * Sets the bits of the ordinals that pass.
     *
     * @param from first ordinal, a multiple of 64
     * @param until behind the last ordinal
     * @return words from {@code from} on
     * @throws DeadlineExceededException if it is over before it is done
     */
    long[] evaluate(Predicate predicate, int from, int until) {
        return evaluate(predicate, false, from, until);
    }

    private long[] evaluate(Predicate predicate, boolean negated, int from, int until) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> terms) -> combine(terms, negated, !negated, from, until);
            case Predicate.Or(List<Predicate> terms) -> combine(terms, negated, negated, from, until);
            case Predicate.Not(Predicate term) -> evaluate(term, !negated, from, until);
            case Predicate.Compare compare -> {
                ValueColumn column = column(compare.field());
                yield fill(column, test(compare, new ValueTests(column.dictionary()), negated), from, until);
            }
            case Predicate.In(FieldPath field, List<Object> values) -> {
                ValueColumn column = column(field);
                yield fill(column, new ValueTests(column.dictionary()).oneOf(values, negated), from, until);
            }
            case Predicate.Like(FieldPath field, String pattern) -> {
                ValueColumn column = column(field);
                yield fill(column, new ValueTests(column.dictionary()).like(pattern, negated, this::look), from, until);
            }
            case Predicate.Contains contains -> {
                ValueColumn column = column(contains.field());
                yield fill(
                        column,
                        new ValueTests(column.dictionary()).contains(contains, negated, this::look),
                        from,
                        until);
            }
            case Predicate.IsNull(FieldPath field) -> {
                ValueColumn column = column(field);
                yield fill(column, new ValueTests(column.dictionary()).isNull(negated), from, until);
            }
        };
    }

    private static ValueTest test(Predicate.Compare compare, ValueTests tests, boolean negated) {
        return switch (compare.operator()) {
            case EQUAL -> tests.equal(compare.value(), negated);
            case NOT_EQUAL -> tests.equal(compare.value(), !negated);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                tests.ordered(compare.operator(), compare.value(), negated);
        };
    }

    private ValueColumn column(FieldPath field) {
        return Objects.requireNonNull(columns.get(field));
    }

    private long[] combine(List<Predicate> terms, boolean negated, boolean all, int from, int until) {
        long[] result = new long[(until - from + 63) >>> 6];
        if (all) {
            Arrays.fill(result, -1L);
        }
        for (Predicate term : terms) {
            long[] bits = evaluate(term, negated, from, until);
            for (int i = 0; i < result.length; i++) {
                result[i] = all ? result[i] & bits[i] : result[i] | bits[i];
            }
        }
        return result;
    }

    private long[] fill(ValueColumn column, ValueTest test, int from, int until) {
        long[] words = new long[(until - from + 63) >>> 6];
        int ordinal = from;
        while (ordinal < until) {
            look();
            ValueColumn.Chunk chunk = column.chunk(ordinal >>> ValueColumn.SHIFT);
            byte[] kinds = chunk.kinds();
            long[] payloads = chunk.payloads();
            int end = Math.min(until, (ordinal | (ValueColumn.CHUNK - 1)) + 1);
            for (; ordinal < end; ordinal += ValueTest.WORD) {
                words[(ordinal - from) >>> 6] = test.word(kinds, payloads, ordinal & (ValueColumn.CHUNK - 1));
            }
        }
        return words;
    }

    private void look() {
        if (isOver.getAsBoolean()) {
            throw new DeadlineExceededException(
                    "The search was cancelled: its time is up, or its client has gone; X-Request-Timeout or a gRPC"
                            + " deadline gives it more");
        }
    }
}
