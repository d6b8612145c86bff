package com.akidb.http.arrow;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.arrow.ArrowStream.Parts;
import com.akidb.vector.VectorCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.jspecify.annotations.Nullable;

/**
 * A column of an Arrow stream. It gives values of the batch that was loaded last, by their place in it; who asks for one asks
 * {@link #isNull} before. The methods that take a field blame it if the column's values are of another kind, or out of range.
 */
public final class ArrowColumn {

    private enum Kind {
        NULL("null"),
        BOOL("a boolean"),
        INT("an integer"),
        FLOAT("a number"),
        TEXT("a string"),
        TIMESTAMP("a timestamp"),
        FIXED_LIST("a list"),
        LIST("a list");

        private final String shown;

        Kind(String shown) {
            this.shown = shown;
        }
    }

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final String name;
    private final Kind kind;
    /** Bytes of a number, or of an offset. */
    private final int width;

    private final boolean isSigned;
    private final ChronoUnit unit;
    private final int listSize;
    private final @Nullable ArrowColumn items;

    private @Nullable ByteBuffer validity;
    private ByteBuffer data = NONE;
    private ByteBuffer offsets = NONE;

    private ArrowColumn(
            String name,
            Kind kind,
            int width,
            boolean isSigned,
            ChronoUnit unit,
            int listSize,
            @Nullable ArrowColumn items) {
        this.name = name;
        this.kind = kind;
        this.width = width;
        this.isSigned = isSigned;
        this.unit = unit;
        this.listSize = listSize;
        this.items = items;
    }

    private static ArrowColumn plain(String name, Kind kind, int width) {
        return new ArrowColumn(name, kind, width, true, ChronoUnit.MICROS, 0, null);
    }

    static ArrowColumn of(Field field, String name) {
        if (field.dictionary() != null) {
            throw unusable(name, "is encoded by a dictionary; send the values themselves");
        }
        return switch (field.typeType()) {
            case Type.Null -> plain(name, Kind.NULL, 0);
            case Type.Bool -> plain(name, Kind.BOOL, 0);
            case Type.Utf8 -> plain(name, Kind.TEXT, Integer.BYTES);
            case Type.LargeUtf8 -> plain(name, Kind.TEXT, Long.BYTES);
            case Type.Int -> {
                Int type = (Int) field.type(new Int());
                int bits = type.bitWidth();
                if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
                    throw unusable(name, "has integers of " + bits + " bits");
                }
                yield new ArrowColumn(name, Kind.INT, bits / 8, type.isSigned(), ChronoUnit.MICROS, 0, null);
            }
            case Type.FloatingPoint ->
                plain(name, Kind.FLOAT, floatWidth((FloatingPoint) field.type(new FloatingPoint())));
            case Type.Timestamp -> {
                Timestamp type = (Timestamp) field.type(new Timestamp());
                if (type.timezone() == null) {
                    throw unusable(name, "has timestamps without a time zone");
                }
                yield new ArrowColumn(name, Kind.TIMESTAMP, Long.BYTES, true, unit(type.unit()), 0, null);
            }
            case Type.FixedSizeList -> {
                int size = ((FixedSizeList) field.type(new FixedSizeList())).listSize();
                if (size < 0) {
                    throw unusable(name, "has lists of a negative size");
                }
                yield new ArrowColumn(name, Kind.FIXED_LIST, 0, true, ChronoUnit.MICROS, size, items(field, name));
            }
            case Type.List ->
                new ArrowColumn(name, Kind.LIST, Integer.BYTES, true, ChronoUnit.MICROS, 0, items(field, name));
            case Type.LargeList ->
                new ArrowColumn(name, Kind.LIST, Long.BYTES, true, ChronoUnit.MICROS, 0, items(field, name));
            default ->
                throw unusable(
                        name,
                        "has a type that is not taken; take strings, integers, floats, booleans, timestamps with a time zone,"
                                + " and lists of floats");
        };
    }

    private static ArrowColumn items(Field list, String name) {
        Field child = list.childrenLength() == 1 ? list.children(0) : null;
        if (child == null || child.typeType() != Type.FloatingPoint) {
            throw unusable(name, "has lists of something else than floats");
        }
        return of(child, name);
    }

    private static int floatWidth(FloatingPoint type) {
        return switch (type.precision()) {
            case Precision.HALF -> Short.BYTES;
            case Precision.SINGLE -> Float.BYTES;
            case Precision.DOUBLE -> Double.BYTES;
            default -> throw new IllegalArgumentException("precision " + type.precision());
        };
    }

    private static ChronoUnit unit(short unit) {
        return switch (unit) {
            case TimeUnit.SECOND -> ChronoUnit.SECONDS;
            case TimeUnit.MILLISECOND -> ChronoUnit.MILLIS;
            case TimeUnit.MICROSECOND -> ChronoUnit.MICROS;
            case TimeUnit.NANOSECOND -> ChronoUnit.NANOS;
            default -> throw new IllegalArgumentException("unit " + unit);
        };
    }

    private static InvalidInputException unusable(String name, String rule) {
        return new InvalidInputException(ErrorCode.WRONG_TYPE, "The column " + name + " " + rule, name);
    }

    public String name() {
        return name;
    }

    /** Takes its pieces of a batch; every offset in them is checked when it is used. */
    void load(Parts parts, long length) {
        long nulls = parts.nulls(length);
        if (kind == Kind.NULL) {
            return;
        }
        ByteBuffer bits = parts.next(nulls == 0 ? 0 : (length + 7) / 8);
        validity = nulls == 0 ? null : bits;
        switch (kind) {
            case BOOL -> data = parts.next((length + 7) / 8);
            case INT, FLOAT, TIMESTAMP -> data = parts.next(length * width);
            case TEXT -> {
                offsets = parts.next(length == 0 ? 0 : (length + 1) * width);
                data = parts.next(0);
                requireRising((int) length);
            }
            case LIST -> {
                offsets = parts.next(length == 0 ? 0 : (length + 1) * width);
                requireRising((int) length);
                long last = length == 0 ? 0 : offset((int) length);
                if (last < 0 || last > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException("a list ends outside of its data");
                }
                items().load(parts, last);
            }
            case FIXED_LIST -> items().load(parts, Math.multiplyExact(length, listSize));
            case NULL -> throw new IllegalStateException();
        }
    }

    /** Else values could lie over one another, and small bodies stand for more than fits into memory. */
    private void requireRising(int length) {
        long before = 0;
        for (int i = 0; length > 0 && i <= length; i++) {
            long next = offset(i);
            if (next < before) {
                throw new IllegalArgumentException("offsets fall");
            }
            before = next;
        }
    }

    private ArrowColumn items() {
        if (items == null) {
            throw new IllegalStateException(name);
        }
        return items;
    }

    private long offset(int index) {
        return width == Integer.BYTES ? offsets.getInt(index * Integer.BYTES) : offsets.getLong(index * Long.BYTES);
    }

    public boolean isNull(int row) {
        return kind == Kind.NULL || isInvalid(row);
    }

    private boolean isInvalid(int row) {
        return validity != null && (validity.get(row >> 3) >> (row & 7) & 1) == 0;
    }

    /** A string. */
    public String text(int row, String field) {
        require(kind == Kind.TEXT, "a string", field);
        long from = offset(row);
        long to = offset(row + 1);
        requirePlace(from, to, data.capacity(), field);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(data.slice((int) from, (int) (to - from)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, field, "is not UTF-8");
        }
    }

    public boolean isText() {
        return kind == Kind.TEXT;
    }

    /** An integer. */
    public long integer(int row, String field) {
        require(kind == Kind.INT, "an integer", field);
        return switch (width) {
            case Byte.BYTES -> isSigned ? data.get(row) : data.get(row) & 0xFF;
            case Short.BYTES ->
                isSigned ? data.getShort(row * Short.BYTES) : Short.toUnsignedInt(data.getShort(row * Short.BYTES));
            case Integer.BYTES ->
                isSigned ? data.getInt(row * Integer.BYTES) : Integer.toUnsignedLong(data.getInt(row * Integer.BYTES));
            default -> {
                long value = data.getLong(row * Long.BYTES);
                if (!isSigned && value < 0) {
                    throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, field, "must be an integer of 64 bits");
                }
                yield value;
            }
        };
    }

    /** A finite number. */
    public double number(int row, String field) {
        if (kind == Kind.INT) {
            return integer(row, field);
        }
        require(kind == Kind.FLOAT, "a number", field);
        double value = raw(row);
        if (!Double.isFinite(value)) {
            throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, field, "must be a finite number");
        }
        return value;
    }

    private double raw(int row) {
        return switch (width) {
            case Short.BYTES -> Float.float16ToFloat(data.getShort(row * Short.BYTES));
            case Float.BYTES -> data.getFloat(row * Float.BYTES);
            default -> data.getDouble(row * Double.BYTES);
        };
    }

    public boolean bool(int row, String field) {
        require(kind == Kind.BOOL, "a boolean", field);
        return (data.get(row >> 3) >> (row & 7) & 1) == 1;
    }

    /** A time to the microsecond. */
    public Instant time(int row, String field) {
        require(kind == Kind.TIMESTAMP, "a timestamp", field);
        try {
            return Instant.EPOCH.plus(data.getLong(row * Long.BYTES), unit).truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException | ArithmeticException e) {
            throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, field, "must be a time that there is");
        }
    }

    /** Finite float32 numbers. */
    public float[] vector(int row, String field) {
        require(kind == Kind.FIXED_LIST || kind == Kind.LIST, "a list of floats", field);
        ArrowColumn floats = items();
        long from = kind == Kind.LIST ? offset(row) : (long) row * listSize;
        long to = kind == Kind.LIST ? offset(row + 1) : from + listSize;
        requirePlace(from, to, floats.data.capacity() / floats.width, field);
        int start = (int) from;
        float[] values = new float[(int) (to - from)];
        if (floats.validity != null) {
            for (int i = 0; i < values.length; i++) {
                if (floats.isInvalid(start + i)) {
                    throw InvalidInputException.of(
                            ErrorCode.WRONG_TYPE, field + "[" + i + "]", "must be a number, not null");
                }
            }
        }
        if (floats.width == Float.BYTES) {
            floats.data
                    .slice(start * Float.BYTES, values.length * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) floats.raw(start + i);
            }
        }
        int wrong = VectorCodec.firstNotFinite(values);
        if (wrong >= 0) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE, field + "[" + wrong + "]", "must be a finite float32 number");
        }
        return values;
    }

    private void require(boolean fits, String wanted, String field) {
        if (!fits) {
            throw InvalidInputException.of(ErrorCode.WRONG_TYPE, field, "must be " + wanted + ", not " + kind.shown);
        }
    }

    private static void requirePlace(long from, long to, long end, String field) {
        if (from < 0 || to < from || to > end) {
            throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, field, "lies outside of its batch");
        }
    }
}
