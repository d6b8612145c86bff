package com.akidb.engine.embedded.sql;

import com.akidb.error.InvalidInputException;
import com.akidb.query.Evaluator;
import com.akidb.query.Json;
import com.akidb.query.JsonScalars;
import com.akidb.query.LikePattern;
import com.akidb.text.SearchTerms;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;
import org.sqlite.core.Codes;

/** What conditions and expressions mean and SQLite does not know, or reads otherwise. {@link TaggedValues} are meant by "tagged". */
public final class SqlFunctions {

    /** {@code akidb_json(text, key...)}: the value there, tagged; arrays and objects are blobs of 2 and no more. */
    static final String JSON = "akidb_json";

    /** As {@link #JSON}, but arrays and objects are their texts, so that they can be ordered and shown. */
    static final String JSON_SHOWN = "akidb_json_shown";

    /** {@code akidb_value(text, key...)}: the value there, tagged. */
    static final String VALUE = "akidb_value";

    /** {@code akidb_like(text, pattern)}: 1 or 0; null for null. */
    static final String LIKE = "akidb_like";

    /** {@code akidb_flag(integer)}: true or false, tagged. */
    static final String FLAG = "akidb_flag";

    /** {@code akidb_time(microseconds)}: a point in time, tagged. */
    static final String TIME = "akidb_time";

    /** {@code akidb_number(tagged)}: a number; null for anything else. */
    static final String NUMBER = "akidb_number";

    /** {@code akidb_string(tagged)}: a string; null for anything else. */
    static final String STRING = "akidb_string";

    /** {@code akidb_truth(tagged)}: 1 or 0; null for anything else. */
    static final String TRUTH = "akidb_truth";

    /** {@code akidb_text(tagged)}: a string, or a number as text; null for anything else. */
    static final String TEXT = "akidb_text";

    /** {@code akidb_scalar(tagged)}: the same, but for arrays and objects something that equals nothing tagged. */
    static final String SCALAR = "akidb_scalar";

    /** {@code akidb_terms(text)}: the text with spaces between the terms by which it is found. The triggers of text indexes call it. */
    public static final String TERMS = "akidb_terms";

    private static final Set<com.akidb.query.Function> WITHOUT_VALUES = EnumSet.of(
            com.akidb.query.Function.AND,
            com.akidb.query.Function.OR,
            com.akidb.query.Function.COUNT,
            com.akidb.query.Function.SUM,
            com.akidb.query.Function.TOTAL,
            com.akidb.query.Function.AVERAGE,
            com.akidb.query.Function.MINIMUM,
            com.akidb.query.Function.MAXIMUM);

    private SqlFunctions() {}

    /** Makes the functions known to a connection; they give up when its watch is over. */
    static void register(Connection connection, Watch watch) throws SQLException {
        create(connection, JSON, new JsonValue(watch, Form.MARKED));
        create(connection, JSON_SHOWN, new JsonValue(watch, Form.SHOWN));
        create(connection, VALUE, new JsonValue(watch, Form.TAGGED));
        create(connection, LIKE, new Like(watch));
        create(connection, TERMS, new Terms(watch));
        create(
                connection,
                FLAG,
                new Of(watch, value -> value instanceof Long flag ? SqlFunctions.flag(flag != 0) : null));
        create(
                connection,
                TIME,
                new Of(
                        watch,
                        value -> value instanceof Long micros
                                ? TaggedValues.encode(ColumnValues.instant(micros))
                                : null));
        create(connection, NUMBER, new Of(watch, value -> value instanceof Number ? value : null));
        create(connection, STRING, new Of(watch, value -> value instanceof String ? value : null));
        create(
                connection,
                TRUTH,
                new Of(watch, value -> value instanceof Boolean flag ? (Object) (flag ? 1L : 0L) : null));
        create(
                connection,
                TEXT,
                new Of(
                        watch,
                        value -> value instanceof String || value instanceof Number
                                ? Evaluator.apply(com.akidb.query.Function.TO_TEXT, Arrays.asList(value))
                                : null));
        create(
                connection,
                SCALAR,
                new Of(watch, value -> value instanceof Json ? new byte[] {4} : TaggedValues.encode(value)));
        for (com.akidb.query.Function function : com.akidb.query.Function.values()) {
            if (!WITHOUT_VALUES.contains(function)) {
                create(connection, name(function), new Computed(watch, function));
            }
        }
    }

    /** What SQLite calls a function of tagged values; a condition gives 1, 0 or null, others a tagged value. */
    static String name(com.akidb.query.Function function) {
        return "akidb_f_" + function.name().toLowerCase(Locale.ROOT);
    }

    private static void create(Connection connection, String name, Function function) throws SQLException {
        Function.create(connection, name, function, -1, Function.FLAG_DETERMINISTIC);
    }

    /** How true and false are told apart from numbers. */
    static byte[] flag(boolean value) {
        return new byte[] {(byte) (value ? 1 : 0)};
    }

    /** A function that gives what Java code does. */
    private abstract static class Plain extends Function {

        private final Watch watch;

        Plain(Watch watch) {
            this.watch = watch;
        }

        @Override
        protected final void xFunc() throws SQLException {
            if (watch.isOver()) {
                error("nobody waits for the answer");
            } else {
                answer();
            }
        }

        abstract void answer() throws SQLException;

        @Nullable
        Object argument(int index) throws SQLException {
            return switch (value_type(index)) {
                case Codes.SQLITE_INTEGER -> value_long(index);
                case Codes.SQLITE_FLOAT -> value_double(index);
                case Codes.SQLITE_TEXT -> value_text(index);
                case Codes.SQLITE_BLOB -> TaggedValues.decode(value_blob(index));
                default -> null;
            };
        }

        void give(@Nullable Object held) throws SQLException {
            switch (held) {
                case String text -> result(text);
                case Long number -> result(number);
                case Double number -> result(number);
                case byte[] bytes -> result(bytes);
                case null -> result();
                default -> throw new IllegalArgumentException("nothing that SQLite holds: " + held.getClass());
            }
        }
    }

    /** A function of one tagged value. */
    private static final class Of extends Plain {

        private final UnaryOperator<@Nullable Object> function;

        Of(Watch watch, UnaryOperator<@Nullable Object> function) {
            super(watch);
            this.function = function;
        }

        @Override
        void answer() throws SQLException {
            give(function.apply(argument(0)));
        }
    }

    /** A function of tagged values, as the evaluator computes it. */
    private static final class Computed extends Plain {

        private final com.akidb.query.Function function;

        Computed(Watch watch, com.akidb.query.Function function) {
            super(watch);
            this.function = function;
        }

        @Override
        void answer() throws SQLException {
            List<@Nullable Object> arguments = new ArrayList<>(args());
            for (int i = 0; i < args(); i++) {
                arguments.add(argument(i));
            }
            Object value;
            try {
                value = Evaluator.apply(function, arguments);
            } catch (InvalidInputException e) {
                error(e.detail());
                return;
            }
            boolean truth = function.isCondition() && value instanceof Boolean;
            give(truth ? (Object) (Boolean.TRUE.equals(value) ? 1L : 0L) : TaggedValues.encode(value));
        }
    }

    private enum Form {
        MARKED,
        SHOWN,
        TAGGED
    }

    private static final class JsonValue extends Plain {

        private static final byte[] COMPOSITE = {2};

        private final JsonScalars json = new JsonScalars();
        private final Form form;

        JsonValue(Watch watch, Form form) {
            super(watch);
            this.form = form;
        }

        @Override
        void answer() throws SQLException {
            String text = value_text(0);
            if (text == null) {
                result();
                return;
            }
            List<String> path = new ArrayList<>();
            for (int i = 1; i < args(); i++) {
                path.add(value_text(i));
            }
            Object found = form == Form.MARKED ? json.find(text, path) : json.findShown(text, path);
            if (found == JsonScalars.NOTHING) {
                result();
            } else if (found == JsonScalars.COMPOSITE) {
                result(COMPOSITE);
            } else if (found instanceof Json(String composite) && form == Form.SHOWN) {
                result(composite);
            } else {
                give(TaggedValues.encode(found));
            }
        }
    }

    private static final class Like extends Plain {

        private String text = "";
        private @Nullable LikePattern pattern;

        Like(Watch watch) {
            super(watch);
        }

        @Override
        void answer() throws SQLException {
            String subject = value_text(0);
            String wanted = value_text(1);
            if (subject == null || wanted == null) {
                result();
                return;
            }
            LikePattern compiled = pattern;
            if (compiled == null || !wanted.equals(text)) {
                try {
                    compiled = new LikePattern(wanted);
                } catch (InvalidInputException e) {
                    error(e.detail());
                    return;
                }
                pattern = compiled;
                text = wanted;
            }
            result(compiled.matches(subject) ? 1 : 0);
        }
    }

    private static final class Terms extends Plain {

        Terms(Watch watch) {
            super(watch);
        }

        @Override
        void answer() throws SQLException {
            String text = value_text(0);
            give(text == null ? null : SearchTerms.spaced(text));
        }
    }
}
