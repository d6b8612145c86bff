package com.akidb.engine.embedded.sql;

import com.akidb.engine.RowExpression;
import com.akidb.engine.SelectStatement.Part;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteLimits;
import org.sqlite.core.DB;

/** Computes values of single rows, one statement for each, so that the one that fails can be named. */
public final class RowExpressions implements AutoCloseable {

    /** Most that one row's values may take, each of them in SQLite and all of them in memory. */
    private static final int MOST_BYTES = 32 << 20;

    private final DB limits;
    private final List<Prepared> prepared = new ArrayList<>();

    /** @param idAt the parameter that takes the row's id */
    private record Prepared(String field, PreparedStatement select, int idAt) {}

    /** @throws InvalidInputException if the table has no such column, or SQLite refuses an expression */
    public RowExpressions(Connection reader, SqlTable table, List<RowExpression> expressions) throws SQLException {
        limits = ((SQLiteConnection) reader).getDatabase();
        try {
            for (RowExpression expression : expressions) {
                prepared.add(prepare(reader, table, expression));
            }
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Prepared prepare(Connection reader, SqlTable table, RowExpression expression) throws SQLException {
        SqlText sql = new SqlText();
        int parameters = 0;
        int idAt = 0;
        for (Part part : expression.select()) {
            switch (part) {
                case Part.Sql(String text) -> sql.add(text);
                case Part.Value(var value) -> {
                    sql.value(value);
                    parameters++;
                }
                case Part.Rows rows -> {
                    String row = table.rows(rows.columns(), expression.field(), " WHERE r.id = ");
                    sql.add(row).value(0L).add(")");
                    idAt = ++parameters;
                }
            }
        }
        try {
            return new Prepared(expression.field(), sql.prepare(reader), idAt);
        } catch (SQLException e) {
            throw explain(e, expression.field());
        }
    }

    /** The values of a row that is there: String, Long, Double, byte[] or null. */
    public List<@Nullable Object> compute(long id) throws SQLException {
        if (prepared.isEmpty()) {
            return List.of();
        }
        List<@Nullable Object> values = new ArrayList<>(prepared.size());
        // For these values alone: rows that are stored may be larger.
        int before = limits.limit(SQLiteLimits.SQLITE_LIMIT_LENGTH.getId(), MOST_BYTES);
        try {
            for (Prepared each : prepared) {
                values.add(value(each, id));
                if (weigh(values) > 2L * MOST_BYTES) {
                    throw tooLarge(each.field);
                }
            }
        } finally {
            limits.limit(SQLiteLimits.SQLITE_LIMIT_LENGTH.getId(), before);
        }
        return values;
    }

    private static long weigh(List<? extends @Nullable Object> values) {
        long bytes = 0;
        for (Object value : values) {
            bytes += value instanceof String text ? 2L * text.length() : Long.BYTES;
        }
        return bytes;
    }

    private static @Nullable Object value(Prepared expression, long id) throws SQLException {
        expression.select.setLong(expression.idAt, id);
        try (ResultSet result = expression.select.executeQuery()) {
            result.next();
            return result.getObject(1) instanceof Integer number ? Long.valueOf(number) : result.getObject(1);
        } catch (SQLException e) {
            throw explain(e, expression.field);
        }
    }

    /** The failure, unless the expression is to blame for it. */
    private static SQLException explain(SQLException failure, String field) {
        if ((failure.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_TOOBIG.code) {
            throw tooLarge(field);
        }
        String mistake = SqlMistake.of(failure);
        if (mistake != null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, field + " cannot be computed: " + mistake, field);
        }
        return failure;
    }

    private static InvalidInputException tooLarge(String field) {
        return new InvalidInputException(
                ErrorCode.OUT_OF_RANGE,
                field + " gives a row more than " + (MOST_BYTES >> 20) + " MB of computed values",
                field);
    }

    @Override
    public void close() throws SQLException {
        for (Prepared each : prepared) {
            each.select.close();
        }
    }
}
