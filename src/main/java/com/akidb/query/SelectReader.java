package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.query.Expression.Call;
import com.akidb.query.Expression.Column;
import com.akidb.query.Expression.Constant;
import com.akidb.query.Syntax.SelectSyntax;
import com.akidb.text.Unicode;
import com.akidb.text.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads selects, and expressions of the columns of one row: resolves names, binds values, and refuses what is not on the lists
 * of docs/sql.md or has no meaning, such as a comparison of a number with a string. Names of columns do not depend on case.
 */
public final class SelectReader {

    private static final String QUERY = "query";
    private static final String PARAMS = "params";
    private static final int MOST_CHARACTERS = 50_000;
    private static final int MOST_ROW_CHARACTERS = 1_000;
    private static final int MOST_NAMED = 20;

    private final String text;
    private final String field;
    private final Tables tables;
    private final @Nullable List<? extends @Nullable Object> params;
    private final BitSet used = new BitSet();
    private final List<SelectQuery.Probe> probes = new ArrayList<>();
    private int sources;

    /** The tables that selects may name. */
    @FunctionalInterface
    public interface Tables {

        /** The table of that name; throws if there is none. */
        NamedRows require(String name);
    }

    private SelectReader(String text, String field, Tables tables, @Nullable List<? extends @Nullable Object> params) {
        this.text = text;
        this.field = field;
        this.tables = tables;
        this.params = params;
    }

    /**
     * Reads one select.
     *
     * @param params the values of its {@code ?} in order: String, Long, Double, Boolean, {@code float[]} or null
     * @param tables by name; throws if there is none
     * @throws InvalidInputException if it is not one that is allowed
     */
    public static SelectQuery read(String query, List<? extends @Nullable Object> params, Tables tables) {
        requireText(query, QUERY, "a select", MOST_CHARACTERS);
        SelectReader reader = new SelectReader(query, QUERY, tables, params);
        Select select = reader.select(SqlReader.select(query, QUERY), null);
        int used = reader.used.cardinality();
        if (used < params.size()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "params has " + params.size() + " values for " + used + " times ? in the query",
                    PARAMS);
        }
        return new SelectQuery(select, reader.probes);
    }

    /**
     * Reads one expression of the columns of a row: what selects know, but for what looks at other rows, vectors and params.
     * The row is source 0.
     *
     * @param field the request field that holds the text
     * @throws InvalidInputException if it is not one that is allowed
     */
    public static Expression expression(String text, NamedRows row, String field) {
        requireText(text, field, "an expression", MOST_ROW_CHARACTERS);
        SelectReader reader = new SelectReader(text, field, name -> row, null);
        Scope scope = new Scope(null);
        scope.sources.add(new Source(0, row.name(), row.columns(), row));
        return reader.requireValue(reader.read(SqlReader.expression(text, field), scope.rows()), 0);
    }

    private static void requireText(String text, String field, String what, int most) {
        if (text.isBlank()) {
            throw Place.of(field).invalid("must be " + what);
        }
        if (text.length() > most) {
            throw Place.of(field).invalid("must be at most " + most + " characters, got " + text.length());
        }
    }

    /** What stands behind FROM, with those of its columns that are used. */
    private static final class Source {

        private final int number;
        private final String alias;
        private final List<NamedRows.NamedColumn> columns;
        private final @Nullable NamedRows table;
        private final List<String> used = new ArrayList<>();

        Source(int number, String alias, List<NamedRows.NamedColumn> columns, @Nullable NamedRows table) {
            this.number = number;
            this.alias = alias;
            this.columns = columns;
            this.table = table;
        }

        int find(String name) {
            for (int i = 0; i < columns.size(); i++) {
                if (same(columns.get(i).name(), name)) {
                    return i;
                }
            }
            return -1;
        }

        Column use(int position, List<String> path) {
            NamedRows.NamedColumn column = columns.get(position);
            String name = table == null ? "k" + position : column.name();
            if (!used.contains(name)) {
                used.add(name);
            }
            return new Column(number, name, path, path.isEmpty() ? column.kind() : Kind.ANY);
        }
    }

    /** The sources that names can mean, and those of the selects around. */
    private static final class Scope {

        private final @Nullable Scope outer;
        private final List<Source> sources = new ArrayList<>();

        Scope(@Nullable Scope outer) {
            this.outer = outer;
        }

        /** For what is about one row at a time. */
        Context rows() {
            return new Context(this, false);
        }

        /** For what may be about groups of rows. */
        Context groups() {
            return new Context(this, true);
        }

        @Nullable
        Source source(Column column) {
            for (Scope scope = this; scope != null; scope = scope.outer) {
                for (Source source : scope.sources) {
                    if (source.number == column.source()) {
                        return source;
                    }
                }
            }
            return null;
        }
    }

    /** Where an expression stands. */
    private record Context(Scope scope, boolean aggregates) {}

    private Select select(SelectSyntax syntax, @Nullable Scope outer) {
        Scope scope = new Scope(outer);
        List<Join> joins = new ArrayList<>();
        for (SelectSyntax.From from : syntax.from()) {
            joins.add(join(from, scope));
        }
        List<Select.Item> items = items(syntax, scope);
        Expression where = syntax.where() == null ? null : condition(syntax.where(), scope.rows());
        List<Expression> groups = new ArrayList<>();
        for (Syntax group : syntax.groups()) {
            groups.add(group(group, items, scope));
        }
        Expression having = syntax.having() == null ? null : condition(syntax.having(), scope.groups());
        List<Select.Order> orders = new ArrayList<>();
        for (SelectSyntax.Order order : syntax.orders()) {
            orders.add(new Select.Order(order(order.value(), items, scope), order.descending(), order.nullsFirst()));
        }
        long limit = syntax.limit() == null ? -1 : whole(syntax.limit());
        long offset = syntax.offset() == null ? 0 : whole(syntax.offset());
        List<Select.Join> from = joins.stream().map(join -> join.read(scope)).toList();
        return new Select(syntax.distinct(), items, from, where, groups, having, orders, limit, offset);
    }

    /** A join whose source may yet be asked for columns. */
    private record Join(
            Select.JoinKind kind,
            Source source,
            @Nullable Select select,
            @Nullable Expression on) {

        Select.Join read(Scope scope) {
            Select.Source read = select == null
                    ? new Select.Source.Rows(
                            source.number, Objects.requireNonNull(source.table).table(), source.used)
                    : new Select.Source.Derived(source.number, select);
            return new Select.Join(kind, read, on);
        }
    }

    private Join join(SelectSyntax.From from, Scope scope) {
        Select select = null;
        Source source;
        int number = ++sources;
        if (from.select() != null) {
            select = select(from.select(), null);
            List<NamedRows.NamedColumn> columns = select.items().stream()
                    .map(item ->
                            new NamedRows.NamedColumn(item.name(), item.value().kind()))
                    .toList();
            source = new Source(number, from.alias() == null ? "" : from.alias(), columns, null);
        } else {
            String name = Objects.requireNonNull(from.table());
            NamedRows table = tables.require(name);
            source = new Source(number, from.alias() == null ? name : from.alias(), table.columns(), table);
        }
        if (scope.sources.stream().anyMatch(other -> same(other.alias, source.alias))) {
            throw Place.of(field)
                    .invalid("has two tables called '" + Words.shown(source.alias) + "'; give one an alias");
        }
        scope.sources.add(source);
        Expression on = from.on() == null ? null : condition(from.on(), scope.rows());
        Select.JoinKind kind = switch (from.kind()) {
            case LEFT -> Select.JoinKind.LEFT;
            case INNER -> Select.JoinKind.INNER;
            case FIRST, CROSS -> Select.JoinKind.CROSS;
        };
        return new Join(kind, source, select, on);
    }

    private List<Select.Item> items(SelectSyntax syntax, Scope scope) {
        List<Select.Item> items = new ArrayList<>();
        for (SelectSyntax.Item item : syntax.items()) {
            if (item.value() == null) {
                stars(item, scope, items);
                continue;
            }
            Expression value = read(item.value(), scope.groups());
            String name = item.alias() != null
                    ? item.alias()
                    : item.value() instanceof Syntax.Name written
                            ? written.parts().getLast().text()
                            : item.text();
            items.add(new Select.Item(name, value));
        }
        return items;
    }

    /** Embedding columns are there for those who name them: they are large. */
    private void stars(SelectSyntax.Item star, Scope scope, List<Select.Item> items) {
        int before = items.size();
        for (Source source : scope.sources) {
            if (star.starOf() == null || same(source.alias, star.starOf())) {
                for (int i = 0; i < source.columns.size(); i++) {
                    if (source.columns.get(i).kind() != Kind.VECTOR) {
                        items.add(new Select.Item(source.columns.get(i).name(), source.use(i, List.of())));
                    }
                }
            }
        }
        if (items.size() == before) {
            throw place(star.at()).invalid("means no column");
        }
    }

    /** A number or a bare name may mean a column of the answer, unless a column of a source has that name. */
    private Expression group(Syntax syntax, List<Select.Item> items, Scope scope) {
        int item = ordinal(syntax, items);
        if (item < 0 && scope.sources.stream().noneMatch(source -> source.find(bare(syntax)) >= 0)) {
            item = named(syntax, items);
        }
        Expression group = item >= 0 ? items.get(item).value() : read(syntax, scope.rows());
        return requireOrdered(group, syntax.at());
    }

    private Expression order(Syntax syntax, List<Select.Item> items, Scope scope) {
        int item = Math.max(ordinal(syntax, items), named(syntax, items));
        Expression order = item >= 0 ? items.get(item).value() : read(syntax, scope.groups());
        return requireOrdered(order, syntax.at());
    }

    private Expression requireOrdered(Expression expression, int at) {
        if (expression.kind() == Kind.VECTOR) {
            throw noVector(at);
        }
        return expression;
    }

    private int ordinal(Syntax syntax, List<Select.Item> items) {
        if (!(syntax instanceof Syntax.Literal(int at, var value) && value instanceof Number)) {
            return -1;
        }
        if (!(value instanceof Long number) || number < 1 || number > items.size()) {
            throw place(at).invalid("is not the number of a column of the answer");
        }
        return (int) (number - 1);
    }

    private static String bare(Syntax syntax) {
        return syntax instanceof Syntax.Name name && name.parts().size() == 1 ? name.dotted(0) : "";
    }

    private static int named(Syntax syntax, List<Select.Item> items) {
        String name = bare(syntax);
        for (int i = 0; i < items.size() && !name.isEmpty(); i++) {
            if (same(items.get(i).name(), name)) {
                return i;
            }
        }
        return -1;
    }

    private long whole(Syntax syntax) {
        boolean plain = syntax instanceof Syntax.Literal || syntax instanceof Syntax.Param;
        if (plain && value(syntax) instanceof Long number && number >= 0) {
            return number;
        }
        throw place(syntax.at()).invalid("must be a whole number, 0 or more");
    }

    private Expression condition(Syntax syntax, Context context) {
        return requireCondition(read(syntax, context), syntax.at());
    }

    private Expression requireCondition(Expression expression, int at) {
        if (expression.kind() != Kind.BOOL && expression.kind() != Kind.ANY) {
            throw place(at).invalid("is " + expression.kind().words() + ", where a condition is expected");
        }
        return expression;
    }

    private Expression read(Syntax syntax, Context context) {
        return switch (syntax) {
            case Syntax.Literal literal -> new Constant(literal.value());
            case Syntax.Param param -> param(param);
            case Syntax.Name name -> column(name, context.scope);
            case Syntax.Chain(int _, boolean all, List<Syntax> terms) ->
                new Call(
                        all ? Function.AND : Function.OR,
                        false,
                        terms.stream().map(term -> condition(term, context)).toList());
            case Syntax.Unary unary -> unary(unary, context);
            case Syntax.Binary binary -> binary(binary, context);
            case Syntax.In in -> in(in, context);
            case Syntax.Like like -> like(like, context);
            case Syntax.Between between -> between(between, context);
            case Syntax.Contains contains -> contains(contains, context);
            case Syntax.IsNull(int _, Syntax value, boolean not) ->
                negated(not, Call.of(Function.IS_NULL, read(value, context)));
            case Syntax.Call call -> call(call, context);
            case Syntax.Case cases -> cases(cases, context);
            case Syntax.Cast cast -> cast(cast, context);
            case Syntax.Subselect(int at, SelectSyntax select) ->
                new Expression.Scalar(inner(at, select, context.scope, true));
            case Syntax.Exists(int at, SelectSyntax select) ->
                new Expression.Exists(inner(at, select, context.scope, false));
            case Syntax.Row row -> throw place(row.at()).invalid("is a list, which is not allowed here");
            case Syntax.Unknown unknown -> throw place(unknown.at()).invalid("is not allowed here");
        };
    }

    private static Expression negated(boolean not, Expression condition) {
        return not ? Call.of(Function.NOT, condition) : condition;
    }

    private Select inner(int at, SelectSyntax select, Scope scope, boolean oneColumn) {
        if (params == null) {
            throw place(at).invalid("is a select, which is not allowed here");
        }
        Select inner = select(select, scope);
        if (oneColumn && inner.items().size() != 1) {
            throw place(at).invalid("must select one column");
        }
        if (oneColumn && inner.items().getFirst().value().kind() == Kind.VECTOR) {
            throw noVector(at);
        }
        return inner;
    }

    private Constant param(Syntax.Param param) {
        Object value = value(param);
        if (value instanceof float[]) {
            throw Place.of(field(param)).invalid("is a vector, which only similarity() takes");
        }
        return new Constant(value);
    }

    /** A value that stands in the text or among the params. */
    private @Nullable Object value(Syntax syntax) {
        if (syntax instanceof Syntax.Literal literal) {
            return literal.value();
        }
        int index = ((Syntax.Param) syntax).index();
        if (params == null) {
            throw Place.of(field).invalid("has a ?, which is not allowed here; write the value");
        }
        if (index >= params.size()) {
            throw new InvalidInputException(
                    ErrorCode.MISSING_FIELD,
                    "params has " + params.size() + " values, and the query has more times ?",
                    PARAMS);
        }
        used.set(index);
        Object value = params.get(index);
        if (value instanceof String string) {
            requireWellFormed(string, field(syntax));
        }
        return value instanceof Integer number ? (Object) number.longValue() : value;
    }

    private static void requireWellFormed(String string, String field) {
        if (!Unicode.isWellFormed(string)) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, field + " has an unpaired surrogate", field);
        }
    }

    private String field(Syntax syntax) {
        return syntax instanceof Syntax.Param param ? PARAMS + "[" + param.index() + "]" : field;
    }

    private Column column(Syntax.Name name, Scope scope) {
        for (Scope each = scope; each != null; each = each.outer) {
            Column found = find(name, each);
            if (found != null) {
                if (params == null && found.kind() == Kind.VECTOR) {
                    throw place(name.at())
                            .invalid("uses the embedding column '" + Words.shown(found.column())
                                    + "', of which nothing can be computed here");
                }
                return found;
            }
        }
        List<String> known = scope.sources.stream()
                .flatMap(source -> source.columns.stream())
                .map(NamedRows.NamedColumn::name)
                .toList();
        String written = String.join(
                ".", name.parts().stream().map(Syntax.Name.Part::text).toList());
        throw new InvalidInputException(
                ErrorCode.UNKNOWN_COLUMN,
                field + ": there is no column '" + Words.shown(written) + "'; there are "
                        + String.join(", ", known.subList(0, Math.min(MOST_NAMED, known.size())))
                        + Suggestion.hint(name.parts().getLast().text(), known),
                field);
    }

    private @Nullable Column find(Syntax.Name name, Scope scope) {
        if (name.parts().size() > 1) {
            for (Source source : scope.sources) {
                if (same(source.alias, name.parts().getFirst().text())) {
                    Column found = find(name.dotted(1), source, name.at());
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        Column found = null;
        for (Source source : scope.sources) {
            Column here = find(name.dotted(0), source, name.at());
            if (here != null && found != null) {
                throw Place.of(field)
                        .invalid("has '" + Words.shown(name.parts().getFirst().text())
                                + "', which is a column of several tables; put the table's name before it");
            }
            found = here == null ? found : here;
        }
        return found;
    }

    private @Nullable Column find(String dotted, Source source, int at) {
        int position = source.find(dotted);
        if (position >= 0) {
            return source.use(position, List.of());
        }
        if (dotted.indexOf('.') < 0) {
            return null;
        }
        List<String> keys = FieldPath.keys(dotted, field);
        for (int i = 1; i < keys.size(); i++) {
            position = source.find(String.join(".", keys.subList(0, i)));
            if (position >= 0) {
                if (source.columns.get(position).kind() != Kind.JSON) {
                    throw place(at).invalid("is not a JSON column, so it has nothing inside");
                }
                return source.use(position, keys.subList(i, keys.size()));
            }
        }
        return null;
    }

    private Expression unary(Syntax.Unary unary, Context context) {
        if (unary.operator().equals("not")) {
            return Call.of(Function.NOT, condition(unary.operand(), context));
        }
        Expression operand = number(unary.operand(), context, unary.operator());
        return unary.operator().equals("-") ? Call.of(Function.NEGATE, operand) : operand;
    }

    private Expression number(Syntax syntax, Context context, String what) {
        return requireKind(read(syntax, context), Kind.NUMBER, what, syntax.at());
    }

    private Expression requireKind(Expression expression, Kind kind, String what, int at) {
        requireValue(expression, at);
        if (expression.kind() != kind && expression.kind() != Kind.ANY && expression.kind() != Kind.JSON) {
            throw place(at)
                    .invalid("is " + expression.kind().words() + ", and " + what + " takes " + kind.words()
                            + (kind == Kind.STRING ? "; cast(... as text) makes one" : ""));
        }
        return expression;
    }

    private Expression requireValue(Expression expression, int at) {
        if (expression.kind() == Kind.VECTOR) {
            throw noVector(at);
        }
        return expression;
    }

    private InvalidInputException noVector(int at) {
        return place(at)
                .invalid("is an embedding column, which can be searched by similarity but neither compared, ordered nor"
                        + " computed with");
    }

    private Expression binary(Syntax.Binary binary, Context context) {
        Function function = switch (binary.operator()) {
            case "=" -> Function.EQUAL;
            case "!=", "<>" -> Function.NOT_EQUAL;
            case "<" -> Function.LESS;
            case "<=" -> Function.LESS_OR_EQUAL;
            case ">" -> Function.GREATER;
            case ">=" -> Function.GREATER_OR_EQUAL;
            case "+" -> Function.ADD;
            case "-" -> Function.SUBTRACT;
            case "*" -> Function.MULTIPLY;
            case "/" -> Function.DIVIDE;
            case "%" -> Function.MODULO;
            case "||" -> Function.CONCAT;
            default -> throw place(binary.operatorAt()).invalid("has an operator that is not allowed here");
        };
        if (function == Function.CONCAT) {
            return concat(binary, context);
        }
        if (!function.isCondition()) {
            return Call.of(
                    function,
                    number(binary.left(), context, binary.operator()),
                    number(binary.right(), context, binary.operator()));
        }
        Expression left = read(binary.left(), context);
        Expression right = read(binary.right(), context);
        boolean ordered = function != Function.EQUAL && function != Function.NOT_EQUAL;
        return Call.of(
                function,
                comparable(left, binary.left(), right, ordered, context),
                comparable(right, binary.right(), left, ordered, context));
    }

    /** The texts of {@code a || b || c}, side by side. */
    private Expression concat(Syntax.Binary last, Context context) {
        List<Expression> texts = new ArrayList<>();
        Syntax rest = last;
        while (rest instanceof Syntax.Binary link && link.operator().equals("||")) {
            texts.add(text(link.right(), context));
            rest = link.left();
        }
        texts.add(text(rest, context));
        Collections.reverse(texts);
        return new Call(Function.CONCAT, false, texts);
    }

    private Expression text(Syntax syntax, Context context) {
        Expression text = read(syntax, context);
        return text.kind() == Kind.NUMBER ? text : requireKind(text, Kind.STRING, "||", syntax.at());
    }

    /** A side of a comparison, as what it is compared with has it. */
    private Expression comparable(
            Expression expression, Syntax syntax, Expression other, boolean ordered, Context context) {
        requireValue(expression, syntax.at());
        if (ordered && expression.kind() == Kind.BOOL) {
            throw Place.inText(field, text, syntax.at())
                    .invalid(
                            ErrorCode.WRONG_TYPE,
                            "must be a string or a number; true and false compare by = and != only");
        }
        Expression fitted = expression instanceof Constant(var value) && value != null && !(other instanceof Constant)
                ? new Constant(constant(value, syntax, other, context))
                : expression;
        Kind kind = other instanceof Constant ? fitted.kind() : other.kind();
        boolean free = isFree(fitted.kind()) || isFree(kind);
        boolean constantOfTime = fitted.kind() == Kind.TIMESTAMP && kind == Kind.STRING
                || fitted.kind() == Kind.STRING && kind == Kind.TIMESTAMP && fitted instanceof Constant;
        if (!free && fitted.kind() != kind && !constantOfTime) {
            throw place(syntax.at())
                    .invalid(
                            ErrorCode.WRONG_TYPE,
                            "is " + fitted.kind().words() + ", which never equals " + kind.words());
        }
        return fitted;
    }

    private static boolean isFree(Kind kind) {
        return kind == Kind.ANY || kind == Kind.JSON;
    }

    private Object constant(Object value, Syntax syntax, Expression other, Context context) {
        if (other instanceof Column column) {
            Source source = context.scope.source(column);
            if (source != null && source.table != null) {
                FieldPath place = new FieldPath(column.column(), column.path());
                return source.table.constants().constant(place, value, field(syntax));
            }
        }
        return other.kind() == Kind.TIMESTAMP && value instanceof String time
                ? Timestamps.parse(time, field(syntax))
                : value;
    }

    private Expression in(Syntax.In in, Context context) {
        Expression value = read(in.value(), context);
        requireValue(value, in.value().at());
        if (in.choices() instanceof Syntax.Subselect(int at, SelectSyntax select)) {
            Select inner = inner(at, select, context.scope, true);
            Kind kind = inner.items().getFirst().value().kind();
            if (!isFree(kind) && !isFree(value.kind()) && kind != value.kind()) {
                throw place(at)
                        .invalid(
                                ErrorCode.WRONG_TYPE,
                                "selects " + kind.words() + ", which never equals "
                                        + value.kind().words());
            }
            return negated(in.not(), new Expression.InSelect(value, inner));
        }
        List<Expression> arguments = new ArrayList<>();
        arguments.add(value);
        for (Syntax choice : ((Syntax.Row) in.choices()).items()) {
            arguments.add(comparable(read(choice, context), choice, value, false, context));
        }
        return negated(in.not(), new Call(Function.IN, false, arguments));
    }

    private Expression like(Syntax.Like like, Context context) {
        if (!like.plain()) {
            throw place(like.at()).invalid("must be plain 'like'; its escape is always a backslash");
        }
        Expression value = requireKind(
                read(like.value(), context), Kind.STRING, "like", like.value().at());
        Expression pattern = read(like.pattern(), context);
        if (pattern instanceof Constant(var constant) && constant != null) {
            FilterValues.pattern(constant, constantPlace(like.pattern()));
        }
        requireKind(pattern, Kind.STRING, "like", like.pattern().at());
        return negated(like.not(), Call.of(Function.LIKE, value, pattern));
    }

    private Place constantPlace(Syntax syntax) {
        return syntax instanceof Syntax.Param ? Place.of(field(syntax)) : place(syntax.at());
    }

    private Expression between(Syntax.Between between, Context context) {
        Expression value = read(between.value(), context);
        Expression low = read(between.low(), context);
        Expression high = read(between.high(), context);
        return negated(
                between.not(),
                Call.of(
                        Function.BETWEEN,
                        comparable(value, between.value(), low, true, context),
                        comparable(low, between.low(), value, true, context),
                        comparable(high, between.high(), value, true, context)));
    }

    private Expression contains(Syntax.Contains contains, Context context) {
        Expression value = read(contains.value(), context);
        if (!isFree(value.kind())) {
            throw place(contains.value().at())
                    .invalid(
                            ErrorCode.WRONG_TYPE,
                            "is " + value.kind().words() + ", and contains takes an array inside JSON");
        }
        List<Expression> arguments = new ArrayList<>();
        arguments.add(value);
        List<Syntax> wanted =
                contains.quantifier().isEmpty() ? List.of(contains.wanted()) : ((Syntax.Row) contains.wanted()).items();
        for (Syntax each : wanted) {
            arguments.add(requireValue(read(each, context), each.at()));
        }
        return negated(
                contains.not(),
                new Call(
                        contains.quantifier().equals("all") ? Function.CONTAINS_ALL : Function.CONTAINS_ANY,
                        false,
                        arguments));
    }

    private Expression cases(Syntax.Case cases, Context context) {
        Expression operand = cases.operand() == null
                ? null
                : requireValue(read(cases.operand(), context), cases.operand().at());
        List<Expression.Case.When> whens = new ArrayList<>();
        for (Syntax.Case.When when : cases.whens()) {
            Expression condition = operand == null
                    ? condition(when.condition(), context)
                    : comparable(read(when.condition(), context), when.condition(), operand, false, context);
            whens.add(new Expression.Case.When(
                    condition,
                    requireValue(read(when.result(), context), when.result().at())));
        }
        Syntax otherwise = cases.otherwise();
        return new Expression.Case(
                operand, whens, otherwise == null ? null : requireValue(read(otherwise, context), otherwise.at()));
    }

    private Expression cast(Syntax.Cast cast, Context context) {
        Function function = switch (cast.type()) {
            case "int", "integer", "bigint" -> Function.TO_INT;
            case "float", "double", "real" -> Function.TO_FLOAT;
            case "text", "varchar" -> Function.TO_TEXT;
            default -> throw place(cast.at()).invalid("must be cast(... as int, float or text)");
        };
        return Call.of(
                function, requireValue(read(cast.value(), context), cast.value().at()));
    }

    private Expression call(Syntax.Call call, Context context) {
        if (call.name().equals(Function.SIMILARITY)) {
            return similarity(call, context);
        }
        Function function = Function.of(call.name(), call.arguments().size(), place(call.at()));
        if (function.isAggregate() && !context.aggregates) {
            throw place(call.at()).invalid("calls '" + call.name() + "' over several rows, which is not allowed here");
        }
        if (call.star()) {
            if (function != Function.COUNT || call.distinct()) {
                throw place(call.at()).invalid("takes a star only in count(*)");
            }
            return new Call(function, false, List.of());
        }
        function.requireArguments(call.arguments().size(), place(call.at()));
        if (call.distinct() && !function.isAggregate()) {
            throw place(call.at()).invalid("has 'distinct', which only functions over several rows take");
        }
        Context inside = function.isAggregate() ? context.scope.rows() : context;
        List<Expression> arguments = new ArrayList<>();
        for (int i = 0; i < call.arguments().size(); i++) {
            arguments.add(argument(call, function, i, inside));
        }
        if (function == Function.NULLIF) {
            arguments.set(
                    1, comparable(arguments.get(1), call.arguments().get(1), arguments.getFirst(), false, context));
        }
        return new Call(function, call.distinct(), arguments);
    }

    private Expression argument(Syntax.Call call, Function function, int index, Context context) {
        Syntax syntax = call.arguments().get(index);
        Expression argument = read(syntax, context);
        return switch (function) {
            case ABS, ROUND, SUM, TOTAL, AVERAGE -> requireKind(argument, Kind.NUMBER, call.name(), syntax.at());
            case LOWER, UPPER, LENGTH, TRIM, LTRIM, RTRIM, INSTR ->
                requireKind(argument, Kind.STRING, call.name(), syntax.at());
            case SUBSTR -> requireKind(argument, index == 0 ? Kind.STRING : Kind.NUMBER, call.name(), syntax.at());
            case COUNT -> argument;
            default -> requireValue(argument, syntax.at());
        };
    }

    private Expression similarity(Syntax.Call call, Context context) {
        if (params == null) {
            throw place(call.at()).invalid("compares vectors, which is not allowed here");
        }
        if (call.arguments().size() != 2
                || call.distinct()
                || !(call.arguments().getFirst() instanceof Syntax.Name name)
                || !(call.arguments().get(1) instanceof Syntax.Literal
                        || call.arguments().get(1) instanceof Syntax.Param)) {
            throw place(call.at()).invalid("must be similarity(embedding column, text or vector)");
        }
        Column column = column(name, context.scope);
        Source source = context.scope.source(column);
        if (column.kind() != Kind.VECTOR || source == null || source.table == null) {
            throw place(name.at()).invalid("is not an embedding column of a table");
        }
        Syntax query = call.arguments().get(1);
        SelectQuery.Probe probe = new SelectQuery.Probe(source.table, column.column(), value(query), field(query));
        for (int i = 0; i < probes.size(); i++) {
            if (isSame(probes.get(i), probe)) {
                return new Expression.Similarity(column, i);
            }
        }
        probes.add(probe);
        return new Expression.Similarity(column, probes.size() - 1);
    }

    private static boolean isSame(SelectQuery.Probe one, SelectQuery.Probe other) {
        return one.table().table().equals(other.table().table())
                && one.column().equals(other.column())
                && Arrays.deepEquals(new @Nullable Object[] {one.value()}, new @Nullable Object[] {other.value()});
    }

    private static boolean same(String name, String other) {
        return name.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }

    private Place place(int at) {
        return Place.inText(field, text, at);
    }
}
