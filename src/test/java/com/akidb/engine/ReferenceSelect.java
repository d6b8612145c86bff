package com.akidb.engine;

import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Evaluator;
import com.akidb.query.Expression;
import com.akidb.query.Function;
import com.akidb.query.Json;
import com.akidb.query.Select;
import com.akidb.query.Select.Join;
import com.akidb.query.Select.JoinKind;
import com.akidb.query.Select.Order;
import com.akidb.query.Select.Source;
import com.akidb.vector.Metric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs selects as their words say: all combinations of rows first, then what becomes of them, by {@link Evaluator}. */
final class ReferenceSelect {

    /** Gives a table of the select. */
    @FunctionalInterface
    interface Tables {
        ReferenceTable get(UUID id);
    }

    private final SelectRequest request;
    private final Tables tables;
    private final Instant end;
    private final Map<Integer, UUID> tableBySource = new HashMap<>();

    ReferenceSelect(SelectRequest request, Tables tables) {
        this.request = request;
        this.tables = tables;
        this.end = Instant.now().plus(request.timeout());
    }

    /** What the columns of sources hold, by their numbers and names; a source that a left join found nothing in is empty. */
    private record Scope(Map<Integer, Map<String, @Nullable Object>> sources) {

        @Nullable
        Object value(Expression.Column column) {
            Object value = Objects.requireNonNull(sources.get(column.source()), () -> "no source " + column)
                    .get(column.column());
            return value instanceof Json(String text) ? text : value;
        }

        Scope with(int source, Map<String, @Nullable Object> row) {
            Map<Integer, Map<String, @Nullable Object>> all = new HashMap<>(sources);
            all.put(source, row);
            return new Scope(all);
        }
    }

    /** A row of the answer, and what it is put in order by. */
    private record Answer(List<@Nullable Object> cells, List<@Nullable Object> keys) {}

    List<List<@Nullable Object>> run() {
        List<List<@Nullable Object>> rows = run(request.select(), new Scope(Map.of()));
        if (rows.size() > request.maxRows()) {
            throw tooLarge();
        }
        long bytes = rows.stream()
                .flatMap(List::stream)
                .mapToLong(ReferenceSelect::weigh)
                .sum();
        if (bytes > request.maxBytes()) {
            throw tooLarge();
        }
        return rows;
    }

    private static InvalidInputException tooLarge() {
        return new InvalidInputException(ErrorCode.OUT_OF_RANGE, "The answer is too large", "query");
    }

    private static long weigh(@Nullable Object cell) {
        return switch (cell) {
            case String text -> 48 + 2L * text.length();
            case Json(String text) -> 64 + 2L * text.length();
            case float[] vector -> 24 + 4L * vector.length;
            case null, default -> 24;
        };
    }

    private void requireTime() {
        if (request.cancelled().getAsBoolean() || !Instant.now().isBefore(end)) {
            throw new DeadlineExceededException("The query took too long and was ended");
        }
    }

    private List<List<@Nullable Object>> run(Select select, Scope outer) {
        requireTime();
        List<Scope> rows = List.of(outer);
        for (Join join : select.from()) {
            rows = joined(rows, join);
        }
        Expression where = select.where();
        if (where != null) {
            rows = rows.stream().filter(row -> holds(where, row, null)).toList();
        }
        List<Answer> answers = new ArrayList<>();
        if (isGrouped(select)) {
            for (List<Scope> group : groups(select, rows)) {
                Scope first = group.isEmpty() ? absent(select, outer) : group.getFirst();
                if (select.having() == null || holds(select.having(), first, group)) {
                    answers.add(answer(select, first, group));
                }
            }
        } else {
            rows.forEach(row -> answers.add(answer(select, row, null)));
        }
        List<Answer> distinct = select.distinct() ? distinct(answers) : answers;
        return distinct.stream()
                .sorted(order(select.orders()))
                .skip(select.offset())
                .limit(select.limit() < 0 ? Long.MAX_VALUE : select.limit())
                .map(Answer::cells)
                .toList();
    }

    private Answer answer(Select select, Scope row, @Nullable List<Scope> group) {
        requireTime();
        return new Answer(
                ReferenceTable.listOf(select.items().stream()
                        .map(item -> value(item.value(), row, group))
                        .toArray()),
                ReferenceTable.listOf(select.orders().stream()
                        .map(order -> value(order.value(), row, group))
                        .toArray()));
    }

    private List<Scope> joined(List<Scope> rows, Join join) {
        List<Scope> joined = new ArrayList<>();
        for (Scope row : rows) {
            requireTime();
            boolean found = false;
            for (Map<String, @Nullable Object> values : rows(join.source(), row)) {
                Scope both = row.with(join.source().number(), values);
                if (join.on() == null || holds(join.on(), both, null)) {
                    joined.add(both);
                    found = true;
                }
            }
            if (!found && join.kind() == JoinKind.LEFT) {
                joined.add(row.with(join.source().number(), Map.of()));
            }
        }
        return joined;
    }

    private List<Map<String, @Nullable Object>> rows(Source source, Scope outer) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        switch (source) {
            case Source.Rows(int number, UUID id, List<String> columns) -> {
                ReferenceTable table = tables.get(id);
                tableBySource.put(number, id);
                table.rows.values().forEach(stored -> {
                    Map<String, @Nullable Object> row = new HashMap<>();
                    columns.forEach(name -> row.put(name, stored.values().get(table.position(name, "query"))));
                    rows.add(row);
                });
            }
            case Source.Derived(int number, Select inner) ->
                run(inner, outer).forEach(cells -> {
                    Map<String, @Nullable Object> row = new HashMap<>();
                    for (int i = 0; i < cells.size(); i++) {
                        row.put("k" + i, cells.get(i));
                    }
                    rows.add(row);
                });
        }
        return rows;
    }

    /** No row of any source of the select. */
    private static Scope absent(Select select, Scope outer) {
        Scope absent = outer;
        for (Join join : select.from()) {
            absent = absent.with(join.source().number(), Map.of());
        }
        return absent;
    }

    private static boolean isGrouped(Select select) {
        return !select.groups().isEmpty()
                || select.having() != null
                || select.items().stream().anyMatch(item -> hasAggregate(item.value()))
                || select.orders().stream().anyMatch(order -> hasAggregate(order.value()));
    }

    private static boolean hasAggregate(Expression expression) {
        return switch (expression) {
            case Expression.Call call ->
                call.function().isAggregate() || call.arguments().stream().anyMatch(ReferenceSelect::hasAggregate);
            case Expression.Case cases ->
                (cases.operand() != null && hasAggregate(cases.operand()))
                        || (cases.otherwise() != null && hasAggregate(cases.otherwise()))
                        || cases.whens().stream()
                                .anyMatch(when -> hasAggregate(when.condition()) || hasAggregate(when.result()));
            case Expression.InSelect(Expression value, Select select) -> hasAggregate(value);
            case Expression.Column _,
                    Expression.Constant _,
                    Expression.Similarity _,
                    Expression.Scalar _,
                    Expression.Exists _ -> false;
        };
    }

    private Collection<List<Scope>> groups(Select select, List<Scope> rows) {
        if (select.groups().isEmpty()) {
            return List.of(rows);
        }
        Map<List<@Nullable Object>, List<Scope>> groups = new LinkedHashMap<>();
        for (Scope row : rows) {
            List<@Nullable Object> key = ReferenceTable.listOf(select.groups().stream()
                    .map(each -> comparable(value(each, row, null)))
                    .toArray());
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(row);
        }
        return groups.values();
    }

    private static List<Answer> distinct(List<Answer> answers) {
        Set<List<@Nullable Object>> seen = new HashSet<>();
        return answers.stream()
                .filter(answer -> seen.add(ReferenceTable.listOf(
                        answer.cells().stream().map(ReferenceSelect::comparable).toArray())))
                .toList();
    }

    /** Equal for values that are. */
    private static @Nullable Object comparable(@Nullable Object value) {
        return switch (value) {
            case Double real when real == Math.rint(real) && Math.abs(real) < 1L << 53 -> real.longValue();
            case float[] vector -> Arrays.toString(vector);
            case null, default -> value;
        };
    }

    private static Comparator<Answer> order(List<Order> orders) {
        return (a, b) -> {
            for (int i = 0; i < orders.size(); i++) {
                Object one = a.keys().get(i);
                Object other = b.keys().get(i);
                Order order = orders.get(i);
                boolean nullsFirst = order.nullsFirst() == null ? !order.descending() : order.nullsFirst();
                int sign = one == null || other == null
                        ? Boolean.compare(other == null, one == null) * (nullsFirst ? 1 : -1)
                        : ReferenceFields.compare(one, other) * (order.descending() ? -1 : 1);
                if (sign != 0) {
                    return sign;
                }
            }
            return 0;
        };
    }

    private boolean holds(Expression condition, Scope row, @Nullable List<Scope> group) {
        return Boolean.TRUE.equals(value(condition, row, group));
    }

    /** @param group the rows that aggregates are about; null where there are none */
    private @Nullable Object value(Expression expression, Scope row, @Nullable List<Scope> group) {
        return new Evaluator(row::value).evaluate(known(expression, row, group));
    }

    /** The expression with constants in the place of what is about more than a row. */
    private Expression known(Expression expression, Scope row, @Nullable List<Scope> group) {
        return switch (expression) {
            case Expression.Column _, Expression.Constant _ -> expression;
            case Expression.Call call
            when call.function().isAggregate() ->
                new Expression.Constant(aggregate(call, Objects.requireNonNull(group)));
            case Expression.Call call ->
                new Expression.Call(
                        call.function(),
                        call.distinct(),
                        call.arguments().stream()
                                .map(argument -> known(argument, row, group))
                                .toList());
            case Expression.Case cases ->
                new Expression.Case(
                        cases.operand() == null ? null : known(cases.operand(), row, group),
                        cases.whens().stream()
                                .map(when -> new Expression.Case.When(
                                        known(when.condition(), row, group), known(when.result(), row, group)))
                                .toList(),
                        cases.otherwise() == null ? null : known(cases.otherwise(), row, group));
            case Expression.Similarity similarity -> new Expression.Constant(score(similarity, row));
            case Expression.Scalar(Select select) -> {
                List<List<@Nullable Object>> found = run(select, row);
                yield new Expression.Constant(
                        found.isEmpty() ? null : found.getFirst().getFirst());
            }
            case Expression.Exists(Select select) ->
                new Expression.Constant(!run(select, row).isEmpty());
            case Expression.InSelect(Expression value, Select select) -> {
                List<@Nullable Object> operands = new ArrayList<>();
                operands.add(value(value, row, group));
                run(select, row).forEach(found -> operands.add(found.getFirst()));
                yield new Expression.Constant(
                        operands.size() == 1 ? (Object) false : Evaluator.apply(Function.IN, operands));
            }
        };
    }

    private @Nullable Object score(Expression.Similarity similarity, Scope row) {
        Object vector = row.value(similarity.column());
        ReferenceTable table = tables.get(
                Objects.requireNonNull(tableBySource.get(similarity.column().source())));
        Metric metric = table.definition
                .columns()
                .get(table.vectorPosition(similarity.column().column(), "query"))
                .metric();
        return vector == null
                ? null
                : (Object) (double) Objects.requireNonNull(metric)
                        .score(request.vectors().get(similarity.probe()), (float[]) vector);
    }

    private @Nullable Object aggregate(Expression.Call call, List<Scope> group) {
        if (call.arguments().isEmpty()) {
            return (long) group.size();
        }
        Expression argument = call.arguments().getFirst();
        Set<Object> seen = new HashSet<>();
        List<Object> values = new ArrayList<>();
        for (Scope row : group) {
            Object value = value(argument, row, null);
            if (value != null && (!call.distinct() || seen.add(Objects.requireNonNull(comparable(value))))) {
                values.add(value);
            }
        }
        List<Number> numbers = values.stream()
                .filter(Number.class::isInstance)
                .map(Number.class::cast)
                .toList();
        return switch (call.function()) {
            case COUNT -> (long) values.size();
            case MINIMUM -> values.stream().min(ReferenceFields::compare).orElse(null);
            case MAXIMUM -> values.stream().max(ReferenceFields::compare).orElse(null);
            case SUM -> numbers.isEmpty() ? null : sum(numbers);
            case TOTAL -> numbers.stream().mapToDouble(Number::doubleValue).sum();
            case AVERAGE ->
                numbers.isEmpty()
                        ? null
                        : (Object) numbers.stream()
                                .mapToDouble(Number::doubleValue)
                                .average()
                                .orElseThrow();
            default -> throw new IllegalArgumentException("not about several rows: " + call.function());
        };
    }

    private static Object sum(List<Number> numbers) {
        if (!numbers.stream().allMatch(Long.class::isInstance)) {
            return numbers.stream().mapToDouble(Number::doubleValue).sum();
        }
        try {
            return numbers.stream().mapToLong(Number::longValue).reduce(0, Math::addExact);
        } catch (ArithmeticException e) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "The query cannot be run: integer overflow", "query");
        }
    }
}
