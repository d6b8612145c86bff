package com.akidb.engine.embedded.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SQL in the making, with the values of its parameters. Values never become text. */
public final class SqlText {

    private final StringBuilder text = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();

    /** Appends SQL of the program's own. */
    public SqlText add(String sql) {
        text.append(sql);
        return this;
    }

    /** Appends a parameter: a String, Long, Integer, Double, byte[] or null. */
    public SqlText value(@Nullable Object value) {
        text.append('?');
        values.add(value);
        return this;
    }

    /** Appends other SQL with its parameters. */
    public SqlText add(SqlText other) {
        text.append(other.text);
        values.addAll(other.values);
        return this;
    }

    /** Binds the parameters and tells where the next one would be. */
    public int bind(PreparedStatement statement) throws SQLException {
        int index = 1;
        for (Object value : values) {
            switch (value) {
                case null -> statement.setNull(index, java.sql.Types.NULL);
                case String string -> statement.setString(index, string);
                case Long number -> statement.setLong(index, number);
                case Integer number -> statement.setInt(index, number);
                case Double number -> statement.setDouble(index, number);
                case byte[] bytes -> statement.setBytes(index, bytes);
                default -> throw new IllegalArgumentException("no parameter: " + value.getClass());
            }
            index++;
        }
        return index;
    }

    /** A statement with the parameters bound; the caller closes it. */
    public PreparedStatement prepare(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text.toString());
        try {
            bind(statement);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
