package com.akidb.engine.embedded.sql;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.Expression;
import com.akidb.query.Expression.Call;
import com.akidb.query.Expression.Case;
import com.akidb.query.Expression.Column;
import com.akidb.query.Expression.Constant;
import com.akidb.query.Expression.Exists;
import com.akidb.query.Expression.InSelect;
import com.akidb.query.Expression.Scalar;
import com.akidb.query.Expression.Similarity;
import com.akidb.query.Kind;
import com.akidb.query.Select;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much a select may have to hold at once. SQLite puts the columns of a select inside in the places where they are named, so
 * that a short query may stand for a very long one; this counts as it does.
 */
final class SelectWeight {

    private static final int MOST_TERMS = 50_000;
    private static final int MOST_TEXTS = 4_096;

    private static final Weight NOTHING = new Weight(0, 0);

    /** Of the columns of selects inside, by their sources' numbers. */
    private final Map<Integer, List<Weight>> derived = new HashMap<>();

    private SelectWeight() {}

    /**
     * What a part of a select stands for.
     *
     * @param terms columns, constants and functions
     * @param texts values of unknown length that are made, each of which SQLite may hold until the next row
     */
    record Weight(long terms, long texts) {

        /** Sums stay far from where a long would overflow. */
        private static final long MOST = 1L << 40;

        Weight plus(Weight other) {
            return new Weight(Math.min(MOST, terms + other.terms), Math.min(MOST, texts + other.texts));
        }

        /** The bytes that a value may have so that all fit into a budget. */
        long share(long bytes) {
            return bytes / Math.max(1, texts);
        }
    }

    /** @throws InvalidInputException if a select stands for more than may be run */
    static Weight of(Select select) {
        Weight weight = new SelectWeight().select(select).all();
        if (weight.terms() > MOST_TERMS) {
            throw tooMuch(MOST_TERMS + " terms");
        }
        if (weight.texts() > MOST_TEXTS) {
            throw tooMuch(MOST_TEXTS + " columns and operators that make texts");
        }
        return weight;
    }

    private static InvalidInputException tooMuch(String what) {
        return new InvalidInputException(
                ErrorCode.OUT_OF_RANGE,
                "The query stands for more than " + what
                        + ", with each column of a select inside counted where it is named",
                "query");
    }

    /** @param items of which all is made up, beside others */
    private record Counted(Weight all, List<Weight> items) {}

    private Counted select(Select select) {
        Weight all = NOTHING;
        for (Select.Join join : select.from()) {
            if (join.source() instanceof Select.Source.Derived(int number, Select inner)) {
                Counted counted = select(inner);
                all = all.plus(counted.all());
                derived.put(number, counted.items());
            }
            all = all.plus(term(join.on()));
        }
        List<Weight> items =
                select.items().stream().map(item -> term(item.value())).toList();
        for (Weight item : items) {
            // The value in the answer, which may be a column's own.
            all = all.plus(item).plus(new Weight(0, 1));
        }
        all = all.plus(term(select.where())).plus(terms(select.groups())).plus(term(select.having()));
        all = all.plus(terms(select.orders().stream().map(Select.Order::value).toList()));
        return new Counted(all, items);
    }

    private Weight terms(List<? extends Expression> terms) {
        return terms.stream().map(this::term).reduce(NOTHING, Weight::plus);
    }

    private Weight term(@Nullable Expression expression) {
        return switch (expression) {
            case null -> NOTHING;
            case Constant _ -> new Weight(1, 0);
            case Similarity _ -> new Weight(1, 0);
            case Column column -> column(column);
            case Call call -> terms(call.arguments()).plus(new Weight(1, made(call)));
            case Case choice -> {
                Weight all = term(choice.operand()).plus(term(choice.otherwise()));
                for (Case.When when : choice.whens()) {
                    all = all.plus(term(when.condition())).plus(term(when.result()));
                }
                yield all;
            }
            case Scalar scalar -> select(scalar.select()).all();
            case InSelect in -> term(in.value()).plus(select(in.select()).all());
            case Exists exists -> select(exists.select()).all();
        };
    }

    private Weight column(Column column) {
        List<Weight> inner = derived.get(column.source());
        return inner == null
                ? new Weight(1, 0)
                : inner.get(Integer.parseInt(column.column().substring(1)));
    }

    private static long made(Call call) {
        boolean isText = call.kind() == Kind.STRING || call.kind() == Kind.ANY;
        return isText ? Math.max(1, call.arguments().size() - 1) : 0;
    }
}
