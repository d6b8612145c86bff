package com.akidb.http.arrow;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a request's body in Arrow's streaming format, read where they lie: no length that the body names makes anything be
 * allocated, and no access leaves the body. Compressed batches and dictionaries are refused.
 *
 * <p>The format: <a href="https://arrow.apache.org/docs/format/Columnar.html">Arrow Columnar Format</a>, from version 0.15 on.
 */
public final class ArrowStream {

    private static final int CONTINUES = -1;
    private static final int MOST_COLUMNS = 4_096;

    private final ByteBuffer bytes;
    private final String name;
    private final List<ArrowColumn> columns = new ArrayList<>();
    private int row;

    /** Takes a row: its place in the batch, and in the stream. */
    public interface RowReader {
        void read(int inBatch, int index);
    }

    /**
     * Reads the schema.
     *
     * @param name what the rows are called in messages, such as {@code documents}
     * @throws InvalidInputException if it is no Arrow stream, or has columns of types that nothing takes
     */
    public ArrowStream(byte[] body, int length, String name) {
        this.bytes = ByteBuffer.wrap(body, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        this.name = name;
        Message first = message();
        if (first == null || first.headerType() != MessageHeader.Schema) {
            throw broken("it does not begin with a schema");
        }
        try {
            readSchema((Schema) first.header(new Schema()));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | NullPointerException e) {
            throw broken("its schema is damaged");
        }
        body(first);
    }

    /** The columns in their order; of their values those of the batch that is being read. */
    public List<ArrowColumn> columns() {
        return columns;
    }

    /** Where a value is, as messages name it: {@code rows[3].title}. */
    public String at(int index, ArrowColumn column) {
        return name + "[" + index + "]." + column.name();
    }

    /** Reads all rows. */
    public void rows(RowReader reader) {
        for (Message message = message(); message != null; message = message()) {
            if (message.headerType() != MessageHeader.RecordBatch) {
                throw broken(
                        message.headerType() == MessageHeader.DictionaryBatch
                                ? "dictionaries are not supported; send the values themselves"
                                : "it has a message that is no batch of rows");
            }
            int rows;
            try {
                rows = readBatch((RecordBatch) message.header(new RecordBatch()), body(message));
            } catch (IndexOutOfBoundsException | IllegalArgumentException | NullPointerException e) {
                throw broken("a batch is damaged");
            }
            for (int i = 0; i < rows; i++) {
                reader.read(i, row++);
            }
        }
    }

    /** The next message's metadata; null at the end. */
    private @Nullable Message message() {
        if (!bytes.hasRemaining()) {
            return null;
        }
        if (bytes.remaining() < 2 * Integer.BYTES || bytes.getInt() != CONTINUES) {
            throw broken("a message begins otherwise at byte " + bytes.position());
        }
        int length = bytes.getInt();
        if (length == 0) {
            if (bytes.hasRemaining()) {
                throw broken("something follows its end");
            }
            return null;
        }
        if (length < 0 || length > bytes.remaining()) {
            throw broken("it ends too early");
        }
        ByteBuffer metadata = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + length);
        try {
            Message message = Message.getRootAsMessage(metadata);
            // What can be read once can be read again, outside of this as well.
            if (message.headerType() == MessageHeader.NONE) {
                throw broken("a message has no header");
            }
            if (message.bodyLength() < 0 || message.bodyLength() > bytes.remaining()) {
                throw broken("it ends too early");
            }
            return message;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw broken("a message is damaged");
        }
    }

    private ByteBuffer body(Message message) {
        int length = (int) message.bodyLength();
        ByteBuffer body = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + length);
        return body;
    }

    private void readSchema(Schema schema) {
        if (schema.endianness() != Endianness.Little) {
            throw broken("its numbers are big-endian");
        }
        int count = schema.fieldsLength();
        if (count > MOST_COLUMNS) {
            throw broken("it has more than " + MOST_COLUMNS + " columns");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Field field = schema.fields(i);
            String column = field.name() == null ? "" : field.name();
            if (!names.add(column)) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT, "The column " + column + " is there twice", column);
            }
            columns.add(ArrowColumn.of(field, column));
        }
    }

    private int readBatch(RecordBatch batch, ByteBuffer body) {
        if (batch.compression() != null) {
            throw broken("compressed batches are not supported; send them plain");
        }
        Parts parts = new Parts(batch, body);
        int rows = Math.toIntExact(within(batch.length(), Integer.MAX_VALUE));
        for (ArrowColumn column : columns) {
            column.load(parts, rows);
        }
        return rows;
    }

    private static long within(long value, long most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("outside of its range: " + value);
        }
        return value;
    }

    private static InvalidInputException broken(String why) {
        return new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT, "The body is not an Arrow stream that can be read: " + why, null);
    }

    /** The pieces of a batch, in the order in which its columns take them. */
    static final class Parts {

        private final RecordBatch batch;
        private final ByteBuffer body;
        private int node;
        private int buffer;
        private long end;

        Parts(RecordBatch batch, ByteBuffer body) {
            this.batch = batch;
            this.body = body;
        }

        /** The next column's number of nulls. */
        long nulls(long length) {
            FieldNode next = batch.nodes(node++);
            if (next.length() < length) {
                throw new IllegalArgumentException("a column is shorter than its batch");
            }
            return next.nullCount();
        }

        /** The next buffer, of at least so many bytes. */
        ByteBuffer next(long least) {
            Buffer next = batch.buffers(buffer++);
            long offset = within(next.offset(), body.capacity());
            long length = within(next.length(), body.capacity() - offset);
            if (length < least) {
                throw new IllegalArgumentException("a buffer is too short");
            }
            if (length > 0 && offset < end) {
                throw new IllegalArgumentException("buffers overlap");
            }
            end = Math.max(end, offset + length);
            return body.slice((int) offset, (int) length).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
