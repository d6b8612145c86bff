package com.akidb.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Parquet, compressed by zstd: texts, 64-bit integers, doubles, booleans, times in microseconds of UTC, JSON as texts that are
 * marked as JSON, and embeddings as lists of floats.
 */
final class ParquetTarget implements RowTarget {

    private static final String LIST = "list";
    private static final String ELEMENT = "element";

    private final ParquetWriter<JsonNode> writer;

    ParquetTarget(List<Column> columns, WritableByteChannel out) throws IOException {
        this.writer = new Builder(new ChannelFile(out), columns)
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .build();
    }

    @Override
    public void write(JsonNode rows) throws IOException {
        for (JsonNode row : rows) {
            writer.write(row);
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Builder extends ParquetWriter.Builder<JsonNode, Builder> {

        private final List<Column> columns;

        Builder(OutputFile file, List<Column> columns) {
            super(file);
            this.columns = columns;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<JsonNode> getWriteSupport(Configuration configuration) {
            return new Rows(columns);
        }

        @Override
        protected WriteSupport<JsonNode> getWriteSupport(ParquetConfiguration configuration) {
            return new Rows(columns);
        }
    }

    /** How a row is written: field by field. */
    private static final class Rows extends WriteSupport<JsonNode> {

        private final List<Column> columns;
        private @Nullable RecordConsumer consumer;

        Rows(List<Column> columns) {
            this.columns = columns;
        }

        @Override
        public WriteContext init(Configuration configuration) {
            return context();
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return context();
        }

        private WriteContext context() {
            return new WriteContext(
                    new MessageType("rows", columns.stream().map(Rows::type).toArray(Type[]::new)), Map.of());
        }

        private static Type type(Column column) {
            return switch (column.type()) {
                case "int" -> Types.optional(PrimitiveTypeName.INT64).named(column.name());
                case "float" -> Types.optional(PrimitiveTypeName.DOUBLE).named(column.name());
                case "bool" -> Types.optional(PrimitiveTypeName.BOOLEAN).named(column.name());
                case "timestamp" ->
                    Types.optional(PrimitiveTypeName.INT64)
                            .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                            .named(column.name());
                case "json" ->
                    Types.optional(PrimitiveTypeName.BINARY)
                            .as(LogicalTypeAnnotation.jsonType())
                            .named(column.name());
                case "embedding" ->
                    Types.optionalList()
                            .requiredElement(PrimitiveTypeName.FLOAT)
                            .named(column.name());
                default ->
                    Types.optional(PrimitiveTypeName.BINARY)
                            .as(LogicalTypeAnnotation.stringType())
                            .named(column.name());
            };
        }

        @Override
        public void prepareForWrite(RecordConsumer rows) {
            consumer = rows;
        }

        @Override
        public void write(JsonNode row) {
            RecordConsumer out = Objects.requireNonNull(consumer);
            out.startMessage();
            for (int i = 0; i < columns.size(); i++) {
                Column column = columns.get(i);
                JsonNode value = row.path(column.name());
                if (!value.isMissingNode() && !value.isNull()) {
                    out.startField(column.name(), i);
                    write(out, column.type(), value);
                    out.endField(column.name(), i);
                }
            }
            out.endMessage();
        }

        private static void write(RecordConsumer out, String type, JsonNode value) {
            switch (type) {
                case "int" -> out.addLong(value.longValue());
                case "float" -> out.addDouble(value.doubleValue());
                case "bool" -> out.addBoolean(value.booleanValue());
                case "timestamp" ->
                    out.addLong(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(value.asString())));
                case "json" -> out.addBinary(Binary.fromString(value.toString()));
                case "embedding" -> vector(out, value);
                default -> out.addBinary(Binary.fromString(value.asString()));
            }
        }

        private static void vector(RecordConsumer out, JsonNode value) {
            out.startGroup();
            out.startField(LIST, 0);
            for (JsonNode each : value) {
                out.startGroup();
                out.startField(ELEMENT, 0);
                out.addFloat(each.floatValue());
                out.endField(ELEMENT, 0);
                out.endGroup();
            }
            out.endField(LIST, 0);
            out.endGroup();
        }
    }

    /** A channel as the file that Parquet's writer wants. */
    private record ChannelFile(WritableByteChannel out) implements OutputFile {

        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return new PositionOutputStream() {
                private long position;

                @Override
                public long getPos() {
                    return position;
                }

                @Override
                public void write(int value) throws IOException {
                    write(new byte[] {(byte) value}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
                    while (rest.hasRemaining()) {
                        position += out.write(rest);
                    }
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
