package com.akidb.engine.embedded.sql;

import com.akidb.engine.ColumnType;
import com.akidb.vector.VectorCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How values of each type are kept in SQLite. */
public final class ColumnValues {

    private ColumnValues() {}

    public static void bind(PreparedStatement statement, int index, ColumnType type, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
            return;
        }
        switch (type) {
            case STRING, JSON -> statement.setString(index, (String) value);
            case INT -> statement.setLong(index, (Long) value);
            case FLOAT -> statement.setDouble(index, (Double) value);
            case BOOL -> statement.setInt(index, (Boolean) value ? 1 : 0);
            case TIMESTAMP -> statement.setLong(index, micros((Instant) value));
            case VECTOR -> statement.setBytes(index, VectorCodec.encode((float[]) value));
        }
    }

    public static @Nullable Object read(ResultSet result, int index, ColumnType type) throws SQLException {
        return switch (type) {
            case STRING, JSON -> result.getString(index);
            case INT -> {
                long value = result.getLong(index);
                yield result.wasNull() ? null : value;
            }
            case FLOAT -> {
                double value = result.getDouble(index);
                yield result.wasNull() ? null : value;
            }
            case BOOL -> {
                int value = result.getInt(index);
                yield result.wasNull() ? null : value != 0;
            }
            case TIMESTAMP -> {
                long value = result.getLong(index);
                yield result.wasNull() ? null : instant(value);
            }
            case VECTOR -> {
                byte[] bytes = result.getBytes(index);
                yield bytes == null ? null : VectorCodec.decode(bytes);
            }
        };
    }

    /** Microseconds since 1970. */
    public static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Decodes a stored vector into an array of its length. */
    public static void decode(byte[] bytes, float[] vector) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    }
}
