package com.akidb.engine.embedded.sql;

import com.akidb.engine.embedded.index.filter.JsonScalars;
import com.akidb.engine.embedded.index.filter.LikePattern;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/**
 * What filters need and SQLite reads otherwise: JSON as the filters in memory read it, and patterns in which case matters
 * and that know no end of a text but its end.
 */
public final class SqlFunctions {

    /** {@code akidb_json(text, key...)}: the value there. True and false are blobs of 1 and 0, arrays and objects of 2. */
    static final String JSON = "akidb_json";

    /** As {@link #JSON}, but arrays and objects are their texts, so that they can be ordered and shown. */
    static final String JSON_SHOWN = "akidb_json_shown";

    /** {@code akidb_like(text, pattern)}: 1 or 0; null for null. */
    static final String LIKE = "akidb_like";

    private SqlFunctions() {}

    /** Makes the functions known to a connection. */
    public static void register(Connection connection) throws SQLException {
        create(connection, JSON, new Json(false));
        create(connection, JSON_SHOWN, new Json(true));
        create(connection, LIKE, new Like());
    }

    private static void create(Connection connection, String name, Function function) throws SQLException {
        Function.create(connection, name, function, -1, Function.FLAG_DETERMINISTIC);
    }

    /** How true and false are told apart from numbers. */
    static byte[] flag(boolean value) {
        return new byte[] {(byte) (value ? 1 : 0)};
    }

    private static final class Json extends Function {

        private static final byte[] COMPOSITE = {2};

        private final JsonScalars json = new JsonScalars();
        private final boolean shown;

        Json(boolean shown) {
            this.shown = shown;
        }

        @Override
        protected void xFunc() throws SQLException {
            String text = value_text(0);
            if (text == null) {
                result();
                return;
            }
            List<String> path = new ArrayList<>();
            for (int i = 1; i < args(); i++) {
                path.add(value_text(i));
            }
            switch (shown ? json.findShown(text, path) : json.find(text, path)) {
                case String string -> result(string);
                case Long number -> result(number);
                case Double number -> result(number);
                case Boolean flag -> result(flag(flag));
                case Object other -> {
                    if (other == JsonScalars.COMPOSITE) {
                        result(COMPOSITE);
                    } else {
                        result();
                    }
                }
            }
        }
    }

    private static final class Like extends Function {

        private String text = "";
        private @Nullable LikePattern pattern;

        @Override
        protected void xFunc() throws SQLException {
            String subject = value_text(0);
            String wanted = value_text(1);
            if (subject == null || wanted == null) {
                result();
                return;
            }
            LikePattern compiled = pattern;
            if (compiled == null || !wanted.equals(text)) {
                compiled = new LikePattern(wanted);
                pattern = compiled;
                text = wanted;
            }
            result(compiled.matches(subject) ? 1 : 0);
        }
    }
}
