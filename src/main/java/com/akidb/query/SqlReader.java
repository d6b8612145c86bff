package com.akidb.query;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.SqlTokens.Token;
import com.akidb.query.Syntax.SelectSyntax;
import com.akidb.query.Syntax.SelectSyntax.From;
import com.akidb.query.Syntax.SelectSyntax.Item;
import com.akidb.query.Syntax.SelectSyntax.JoinKind;
import com.akidb.query.Syntax.SelectSyntax.Order;
import com.akidb.text.Words;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of conditions, expressions and selects: one reader for all three, by recursive descent. What a text may hold
 * beyond its grammar is for those to say who look what its names mean.
 *
 * <p>Words are keywords only where the grammar expects them, so that columns may be called by nearly all of them. Time is
 * linear in the text; nesting is bounded.
 */
final class SqlReader {

    /** Levels of parentheses, {@code not}, signs and {@code case}. */
    static final int MAX_DEPTH = 32;

    /** Terms of {@code a + b - c}, which nest to the left. */
    private static final int MAX_TERMS = 500;

    /** Levels of a dotted name. */
    private static final int MAX_PARTS = 34;

    /** More than any whole number within 64 bits has; longer ones are floating-point numbers. */
    private static final int MOST_DIGITS = 20;

    /** Words that conditions are made of: never names unless they are quoted. */
    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "not", "in", "like", "between", "is", "null", "true", "false");

    /** Words that stand between values, or behind one. */
    private static final Set<String> OPERATORS = Set.of("and", "or", "in", "like", "between", "is", "contains");

    /** Words of a select that would be taken for names where a value is expected. */
    private static final Set<String> SELECT_KEYWORDS = Set.of("from", "where", "having", "join", "on");

    private static final Set<String> CASE_KEYWORDS = Set.of("when", "then", "else", "end");

    /** Words that are not an alias where one may stand without {@code as}. */
    private static final Set<String> AFTER_ITEM = Set.of(
            "from",
            "where",
            "group",
            "having",
            "order",
            "limit",
            "offset",
            "on",
            "using",
            "join",
            "left",
            "right",
            "full",
            "inner",
            "cross",
            "natural",
            "union",
            "except",
            "intersect",
            "minus",
            "into",
            "for",
            "fetch",
            "window",
            "qualify",
            "with",
            "lateral",
            "collate",
            "over",
            "filter",
            "as");

    private static final Set<String> AFTER_ORDER = Set.of("asc", "desc", "nulls");

    /** Clauses of SQL that selects do not have here. */
    private static final Set<String> OTHER_CLAUSES = Set.of("into", "for", "fetch", "window", "qualify", "with", "top");

    private static final Set<String> SETS = Set.of("union", "except", "intersect", "minus");
    private static final Set<String> CONDITION_SIGNS =
            Set.of("(", ")", ",", ".", "?", "=", "!=", "<>", "<", "<=", ">", ">=", "-", "+");

    private static final Set<String> COMPARISONS = Set.of("=", "!=", "<>", "<", "<=", ">", ">=");

    /** Other dialects' ways to match a pattern. */
    private static final Set<String> OTHER_PATTERNS = Set.of("ilike", "rlike", "regexp", "similar", "glob", "match");

    private final String text;
    private final String field;
    private final boolean functionsAreKnown;
    private final List<Token> tokens;
    private int position;
    private int depth = 1;
    private int params;
    private int cases;

    private SqlReader(String text, String field, boolean functionsAreKnown) {
        this.text = text;
        this.field = field;
        this.functionsAreKnown = functionsAreKnown;
        this.tokens = SqlTokens.read(text, field);
    }

    /**
     * Reads a condition and nothing behind it.
     *
     * @param field of the request to blame
     */
    static Syntax condition(String text, String field) {
        SqlReader reader = new SqlReader(text, field, false);
        reader.requireConditionSigns();
        Syntax read = reader.expression();
        reader.requireEnd();
        return read;
    }

    /** Reads an expression and nothing behind it. */
    static Syntax expression(String text, String field) {
        SqlReader reader = new SqlReader(text, field, true);
        Syntax read = reader.expression();
        reader.requireEnd();
        return read;
    }

    /** Reads a select and nothing behind it but a semicolon. */
    static SelectSyntax select(String text, String field) {
        SqlReader reader = new SqlReader(text, field, true);
        if (reader.peek().is("with")) {
            throw reader.otherClause();
        }
        if (!reader.peek().is("select")) {
            throw notASelect(field);
        }
        SelectSyntax read = reader.select();
        if (reader.peek().is(";")) {
            reader.position++;
        }
        reader.requireEnd();
        return read;
    }

    private static InvalidInputException notASelect(String field) {
        return Place.of(field).invalid("must be one plain select; nothing else is allowed here");
    }

    // What has no place in a condition is told before anything else.
    private void requireConditionSigns() {
        for (Token token : tokens) {
            boolean otherSign = token.kind() == SqlTokens.Kind.SIGN && !CONDITION_SIGNS.contains(token.text());
            boolean otherString =
                    token.kind() == SqlTokens.Kind.OTHER && token.text().endsWith("'");
            if (otherSign || otherString) {
                throw unexpected(token);
            }
        }
    }

    private Token peek() {
        return tokens.get(position);
    }

    private Token peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    private Token take() {
        Token token = peek();
        if (token.kind() != SqlTokens.Kind.END) {
            position++;
        }
        return token;
    }

    private boolean takeIf(String wordOrSign) {
        if (peek().is(wordOrSign)) {
            position++;
            return true;
        }
        return false;
    }

    private void require(String wordOrSign) {
        if (!takeIf(wordOrSign)) {
            throw unexpected(peek());
        }
    }

    private void requireEnd() {
        if (peek().kind() != SqlTokens.Kind.END) {
            throw unexpected(peek());
        }
    }

    private InvalidInputException unexpected(Token token) {
        if (token.kind() == SqlTokens.Kind.END) {
            return Place.of(field).invalid("ends too early");
        }
        String quote = token.kind() == SqlTokens.Kind.WORD && isKeyword(token.value())
                ? "; a column of that name must be quoted: \"" + token.text() + "\""
                : "";
        return place(token.start())
                .invalid("has '" + Words.shown(token.text()) + "', which is not allowed here" + quote);
    }

    private Place place(int at) {
        return Place.inText(field, text, at);
    }

    private void enter(Token token) {
        if (++depth > MAX_DEPTH) {
            throw tooDeep(token);
        }
    }

    private InvalidInputException tooDeep(Token token) {
        return place(token.start())
                .invalid(ErrorCode.OUT_OF_RANGE, "is nested too deep; at most " + MAX_DEPTH + " levels are allowed");
    }

    private Syntax expression() {
        Syntax first = conjunction();
        return peek().is("or") ? chain(first, false) : first;
    }

    private Syntax conjunction() {
        Syntax first = negation();
        return peek().is("and") ? chain(first, true) : first;
    }

    private Syntax chain(Syntax first, boolean all) {
        List<Syntax> terms = new ArrayList<>();
        terms.add(first);
        while (takeIf(all ? "and" : "or")) {
            terms.add(all ? negation() : conjunction());
        }
        return new Syntax.Chain(first.at(), all, terms);
    }

    private Syntax negation() {
        Token not = peek();
        if (!not.is("not")) {
            return predicate();
        }
        position++;
        enter(not);
        Syntax operand = negation();
        depth--;
        return new Syntax.Unary(not.start(), "not", operand);
    }

    private Syntax predicate() {
        Syntax left = operand();
        Token next = peek();
        if (next.kind() == SqlTokens.Kind.SIGN && COMPARISONS.contains(next.value())) {
            position++;
            return new Syntax.Binary(left.at(), next.value(), next.start(), left, operand());
        }
        boolean not = next.is("not");
        Token word = not ? peek(1) : next;
        if (word.kind() != SqlTokens.Kind.WORD) {
            return left;
        }
        Syntax read = switch (word.value()) {
            case "in" -> in(left, not);
            case "like" -> like(left, not);
            case "between" -> between(left, not);
            case "contains" -> contains(left, not);
            case "is" -> not ? null : is(left);
            default -> null;
        };
        if (read != null) {
            return read;
        }
        if (OTHER_PATTERNS.contains(word.value()) && startsOperand(not ? 2 : 1)) {
            position += not ? 2 : 1;
            takeIf("to");
            return new Syntax.Like(left.at(), left, not, operand(), false);
        }
        if (!not && (word.is("notnull") || word.is("isnull"))) {
            position++;
            return new Syntax.Unknown(left.at());
        }
        return left;
    }

    private void skip(boolean not) {
        position += not ? 2 : 1;
    }

    private Syntax in(Syntax value, boolean not) {
        skip(not);
        Token open = peek();
        if (!open.is("(")) {
            throw place(open.start()).invalid("must be a list of values in parentheses");
        }
        if (startsSelect(1)) {
            return new Syntax.In(value.at(), value, not, subselect());
        }
        return new Syntax.In(value.at(), value, not, row());
    }

    private Syntax.Row row() {
        Token open = peek();
        require("(");
        enter(open);
        List<Syntax> items = new ArrayList<>();
        while (!peek().is(")")) {
            if (!items.isEmpty()) {
                require(",");
            }
            items.add(expression());
        }
        require(")");
        depth--;
        return new Syntax.Row(open.start(), items);
    }

    private Syntax like(Syntax value, boolean not) {
        skip(not);
        Syntax pattern = operand();
        boolean escape = takeIf("escape");
        if (escape) {
            operand();
        }
        return new Syntax.Like(value.at(), value, not, pattern, !escape);
    }

    private Syntax between(Syntax value, boolean not) {
        skip(not);
        if ((peek().is("symmetric") || peek().is("asymmetric")) && startsOperand(1)) {
            throw place(peek(1).start()).invalid("must be plain 'between'");
        }
        Syntax low = operand();
        require("and");
        return new Syntax.Between(value.at(), value, not, low, operand());
    }

    private Syntax contains(Syntax value, boolean not) {
        skip(not);
        if ((peek().is("any") || peek().is("all")) && peek(1).is("(")) {
            String quantifier = take().value();
            return new Syntax.Contains(value.at(), value, not, quantifier, row());
        }
        return new Syntax.Contains(value.at(), value, not, "", operand());
    }

    private Syntax is(Syntax value) {
        skip(false);
        boolean not = takeIf("not");
        if (takeIf("null")) {
            return new Syntax.IsNull(value.at(), value, not);
        }
        if (peek().is("true") || peek().is("false")) {
            position++;
            return new Syntax.Unknown(value.at());
        }
        throw unexpected(peek());
    }

    private Syntax operand() {
        Syntax left = sum();
        for (int terms = 1; peek().is("||"); terms++) {
            left = binary(left, terms, sumAfter());
        }
        return left;
    }

    /** An operator and what is on its right. */
    private record Tail(Token operator, Syntax right) {}

    private Tail sumAfter() {
        Token operator = take();
        return new Tail(operator, sum());
    }

    private Syntax binary(Syntax left, int terms, Tail tail) {
        if (terms > MAX_TERMS) {
            throw place(tail.operator.start())
                    .invalid(ErrorCode.OUT_OF_RANGE, "is nested too deep; at most " + MAX_TERMS + " terms are allowed");
        }
        return new Syntax.Binary(left.at(), tail.operator.value(), tail.operator.start(), left, tail.right);
    }

    private Syntax sum() {
        Syntax left = product();
        for (int terms = 1; peek().is("+") || peek().is("-"); terms++) {
            Token operator = take();
            left = binary(left, terms, new Tail(operator, product()));
        }
        return left;
    }

    private Syntax product() {
        Syntax left = signed();
        for (int terms = 1; peek().is("*") || peek().is("/") || peek().is("%"); terms++) {
            Token operator = take();
            left = binary(left, terms, new Tail(operator, signed()));
        }
        return left;
    }

    private Syntax signed() {
        Token sign = peek();
        if (!sign.is("-") && !sign.is("+")) {
            return primary();
        }
        position++;
        if (peek().kind() == SqlTokens.Kind.NUMBER) {
            return number(take(), sign.is("-") ? "-" : "", sign.start());
        }
        enter(sign);
        Syntax operand = signed();
        depth--;
        return new Syntax.Unary(sign.start(), sign.value(), operand);
    }

    private Syntax.Literal number(Token token, String sign, int at) {
        String digits = sign + token.value();
        boolean whole = digits.length() <= MOST_DIGITS
                && digits.chars().skip(sign.length()).allMatch(Character::isDigit);
        if (whole) {
            BigInteger value = new BigInteger(digits);
            return new Syntax.Literal(
                    at, value.bitLength() < Long.SIZE ? (Object) value.longValue() : value.doubleValue());
        }
        double value = Double.parseDouble(digits);
        if (!Double.isFinite(value)) {
            throw place(at).invalid(ErrorCode.OUT_OF_RANGE, "must be a finite number");
        }
        return new Syntax.Literal(at, value);
    }

    private Syntax primary() {
        Token token = peek();
        return switch (token.kind()) {
            case NUMBER -> number(take(), "", token.start());
            case STRING -> {
                position++;
                yield new Syntax.Literal(token.start(), token.value());
            }
            case QUOTED -> name();
            case WORD -> word(token);
            case OTHER -> {
                position++;
                yield new Syntax.Unknown(token.start());
            }
            case SIGN -> sign(token);
            case END -> throw unexpected(token);
        };
    }

    private Syntax sign(Token token) {
        if (takeIf("?")) {
            if (peek().kind() == SqlTokens.Kind.NUMBER) {
                throw unexpected(peek());
            }
            return new Syntax.Param(token.start(), params++);
        }
        if (!token.is("(")) {
            throw unexpected(token);
        }
        if (startsSelect(1)) {
            return subselect();
        }
        Syntax.Row row = row();
        return row.items().size() == 1 ? row.items().getFirst() : row;
    }

    private Syntax.Subselect subselect() {
        Token open = take();
        enter(open);
        SelectSyntax select = select();
        require(")");
        depth--;
        return new Syntax.Subselect(open.start(), select);
    }

    /** Whether a select begins so many tokens ahead; a column may be called so. */
    private boolean startsSelect(int ahead) {
        Token next = peek(ahead + 1);
        return peek(ahead).is("select") && (startsOperand(ahead + 1) || next.is("*") || next.is("distinct"));
    }

    private boolean isKeyword(String word) {
        return KEYWORDS.contains(word)
                || (functionsAreKnown && SELECT_KEYWORDS.contains(word))
                || (cases > 0 && CASE_KEYWORDS.contains(word));
    }

    /** Whether a value may begin so many tokens ahead; words that are operators are none. */
    private boolean startsOperand(int ahead) {
        Token token = peek(ahead);
        return switch (token.kind()) {
            case WORD -> {
                boolean operator = OPERATORS.contains(token.value())
                        || (token.is("not")
                                && OPERATORS.contains(peek(ahead + 1).value()));
                yield !operator && !(functionsAreKnown && SELECT_KEYWORDS.contains(token.value()));
            }
            case QUOTED, STRING, NUMBER, OTHER -> true;
            case SIGN -> token.is("(") || token.is("?") || token.is("-") || token.is("+");
            case END -> false;
        };
    }

    private Syntax word(Token token) {
        Token next = peek(1);
        switch (token.value()) {
            case "null", "true", "false" -> {
                position++;
                return new Syntax.Literal(token.start(), token.is("null") ? null : (Object) token.is("true"));
            }
            case "case" -> {
                boolean operand = startsOperand(1) && !next.is("+") && !next.is("-");
                boolean clause = AFTER_ITEM.contains(next.value()) || AFTER_ORDER.contains(next.value());
                operand &= !clause || peek(2).is("when");
                if (operand) {
                    return cases();
                }
            }
            case "cast" -> {
                if (next.is("(")) {
                    return cast();
                }
            }
            case "exists" -> {
                if (next.is("(") && startsSelect(2)) {
                    position++;
                    return new Syntax.Exists(token.start(), subselect().select());
                }
            }
            default -> {
                if (isKeyword(token.value())) {
                    throw unexpected(token);
                }
            }
        }
        if (next.kind() == SqlTokens.Kind.STRING) {
            // Typed literals of other dialects: date '2026-01-01'.
            position += 2;
            return new Syntax.Unknown(token.start());
        }
        return next.is("(") ? call() : name();
    }

    private Syntax.Name name() {
        int at = peek().start();
        List<Syntax.Name.Part> parts = new ArrayList<>();
        do {
            Token part = peek();
            if (!part.isName()) {
                throw unexpected(part);
            }
            if (parts.size() == MAX_PARTS) {
                throw tooDeep(part);
            }
            position++;
            boolean quoted = part.kind() == SqlTokens.Kind.QUOTED;
            parts.add(new Syntax.Name.Part(quoted ? part.value() : part.text(), quoted));
        } while (takeIf("."));
        return new Syntax.Name(at, parts);
    }

    private Syntax call() {
        Token name = take();
        Token open = take();
        if (functionsAreKnown) {
            Function.require(name.value(), place(name.start()));
        }
        enter(open);
        boolean distinct = peek().is("distinct") && startsOperand(1);
        position += distinct ? 1 : 0;
        boolean star = peek().is("*") && peek(1).is(")");
        List<Syntax> arguments = new ArrayList<>();
        position += star ? 1 : 0;
        while (!peek().is(")")) {
            if (!arguments.isEmpty()) {
                require(",");
            }
            arguments.add(expression());
        }
        require(")");
        depth--;
        if (peek().is("over") && peek(1).is("(")) {
            throw unexpected(peek());
        }
        return new Syntax.Call(name.start(), name.value(), distinct, star, arguments);
    }

    private Syntax cases() {
        Token word = take();
        enter(word);
        cases++;
        Syntax operand = peek().is("when") ? null : expression();
        List<Syntax.Case.When> whens = new ArrayList<>();
        do {
            require("when");
            Syntax condition = expression();
            require("then");
            whens.add(new Syntax.Case.When(condition, expression()));
        } while (peek().is("when"));
        Syntax otherwise = takeIf("else") ? expression() : null;
        require("end");
        cases--;
        depth--;
        return new Syntax.Case(word.start(), operand, whens, otherwise);
    }

    private Syntax cast() {
        Token word = take();
        Token open = take();
        enter(open);
        Syntax value = expression();
        require("as");
        StringBuilder type = new StringBuilder();
        int nested = 0;
        while (nested > 0 || !peek().is(")")) {
            Token token = take();
            if (token.kind() == SqlTokens.Kind.END) {
                throw unexpected(token);
            }
            nested += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            type.append(token.text());
        }
        require(")");
        depth--;
        return new Syntax.Cast(word.start(), value, type.toString().toLowerCase(Locale.ROOT));
    }

    private SelectSyntax select() {
        Token word = peek();
        require("select");
        if (peek().is("top") && peek(1).kind() == SqlTokens.Kind.NUMBER) {
            throw otherClause();
        }
        boolean distinct = peek().is("distinct") && (startsOperand(1) || peek(1).is("*"));
        position += distinct ? 1 : 0;
        List<Item> items = new ArrayList<>();
        do {
            items.add(item());
        } while (takeIf(","));
        List<From> from = takeIf("from") ? from() : List.of();
        Syntax where = takeIf("where") ? expression() : null;
        List<Syntax> groups = new ArrayList<>();
        if (takeBy("group")) {
            do {
                groups.add(expression());
            } while (takeIf(","));
        }
        Syntax having = takeIf("having") ? expression() : null;
        List<Order> orders = new ArrayList<>();
        if (takeBy("order")) {
            do {
                orders.add(order());
            } while (takeIf(","));
        }
        Syntax limit = null;
        Syntax offset = null;
        if (takeIf("limit")) {
            limit = expression();
            if (takeIf(",")) {
                offset = limit;
                limit = expression();
            }
        }
        if (takeIf("offset")) {
            offset = expression();
        }
        requireNoOtherClause();
        return new SelectSyntax(word.start(), distinct, items, from, where, groups, having, orders, limit, offset);
    }

    private boolean takeBy(String word) {
        if (peek().is(word) && peek(1).is("by")) {
            position += 2;
            return true;
        }
        return false;
    }

    private void requireNoOtherClause() {
        Token token = peek();
        if (token.kind() == SqlTokens.Kind.WORD && SETS.contains(token.value())) {
            throw notASelect(field);
        }
        if (token.kind() == SqlTokens.Kind.WORD && OTHER_CLAUSES.contains(token.value())) {
            throw otherClause();
        }
    }

    private InvalidInputException otherClause() {
        return Place.of(field)
                .invalid("may have no clauses other than select, distinct, from, join, where, group by, having, order"
                        + " by, limit, offset");
    }

    private Item item() {
        Token first = peek();
        if (takeIf("*")) {
            return new Item(first.start(), null, null, null, "*");
        }
        if (first.isName() && peek(1).is(".") && peek(2).is("*")) {
            position += 3;
            String of = first.kind() == SqlTokens.Kind.QUOTED ? first.value() : first.text();
            return new Item(first.start(), null, of, null, of + ".*");
        }
        Syntax value = expression();
        Token last = tokens.get(position - 1);
        String written =
                text.substring(first.start(), last.start() + last.text().length());
        String alias = alias();
        if (alias == null) {
            requireNoOtherClause();
        }
        return new Item(first.start(), value, null, alias, written);
    }

    private @Nullable String alias() {
        boolean as = takeIf("as");
        Token token = peek();
        boolean plain = token.kind() == SqlTokens.Kind.WORD && (as || !AFTER_ITEM.contains(token.value()));
        if (!plain && token.kind() != SqlTokens.Kind.QUOTED) {
            if (as) {
                throw unexpected(token);
            }
            return null;
        }
        position++;
        if (peek().is("(")) {
            throw place(token.start()).invalid("has an alias with columns, which is not allowed here");
        }
        return plain ? token.text() : token.value();
    }

    private List<From> from() {
        List<From> sources = new ArrayList<>();
        sources.add(source(JoinKind.FIRST));
        while (true) {
            JoinKind kind = join();
            if (kind == null) {
                return sources;
            }
            sources.add(source(kind));
        }
    }

    private @Nullable JoinKind join() {
        Token token = peek();
        if (takeIf(",")) {
            return JoinKind.CROSS;
        }
        if (takeIf("join")) {
            return JoinKind.INNER;
        }
        if ((token.is("inner") || token.is("cross")) && peek(1).is("join")) {
            position += 2;
            return token.is("cross") ? JoinKind.CROSS : JoinKind.INNER;
        }
        boolean outer = token.is("left") && peek(1).is("outer") && peek(2).is("join");
        if (outer || (token.is("left") && peek(1).is("join"))) {
            position += outer ? 3 : 2;
            return JoinKind.LEFT;
        }
        if (token.is("natural") || token.is("full") || token.is("right") || token.is("lateral") || token.is("using")) {
            throw otherJoin();
        }
        return null;
    }

    private InvalidInputException otherJoin() {
        return Place.of(field)
                .invalid("has a join that is not allowed; allowed are 'join', 'left join' and 'cross join', with 'on'");
    }

    private From source(JoinKind kind) {
        Token first = peek();
        SelectSyntax select = null;
        String table = null;
        if (first.is("(") && startsSelect(1)) {
            select = subselect().select();
        } else if (first.isName()) {
            position++;
            table = first.kind() == SqlTokens.Kind.QUOTED ? first.value() : first.text();
            if (peek().is(".")) {
                throw place(first.start()).invalid("must be the name of a table and nothing more");
            }
        }
        if ((table == null && select == null) || peek().is("(")) {
            throw first.kind() == SqlTokens.Kind.END
                    ? unexpected(first)
                    : place(first.start())
                            .invalid("is not allowed after from; only tables and selects in parentheses are");
        }
        String alias = alias();
        if (peek().is("using")) {
            throw otherJoin();
        }
        Syntax on = kind != JoinKind.FIRST && takeIf("on") ? expression() : null;
        return new From(first.start(), kind, table, select, alias, on);
    }

    private Order order() {
        Syntax value = expression();
        boolean descending = takeIf("desc");
        if (!descending) {
            takeIf("asc");
        }
        Boolean nullsFirst = null;
        if (peek().is("nulls") && (peek(1).is("first") || peek(1).is("last"))) {
            nullsFirst = peek(1).is("first");
            position += 2;
        }
        return new Order(value, descending, nullsFirst);
    }
}
