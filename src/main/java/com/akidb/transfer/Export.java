package com.akidb.transfer;

import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the rows of a table into a file, page by page. The file has its name only when it is whole; until then it is
 * {@code FILE.part}, and the same command goes on with it after whatever stopped it.
 */
public final class Export {

    private static final int PAGE = 1_000;

    private final Server server;
    private final Options options;
    private final Progress progress;
    private final PrintWriter err;

    /**
     * What to export.
     *
     * @param columns empty for all but embeddings
     * @param vectors whether embeddings come along if no columns are named
     * @param where a condition such as {@code quality >= ?}; null for all rows
     * @param parameters for the question marks, each JSON or else a text
     * @param restart whether to begin anew even if an earlier export stopped half-way
     */
    public record Options(
            Path file,
            Format format,
            String table,
            List<String> columns,
            boolean vectors,
            @Nullable String where,
            List<String> parameters,
            boolean restart) {

        public Options {
            columns = List.copyOf(columns);
            parameters = List.copyOf(parameters);
        }
    }

    public Export(Server server, Options options, Progress progress, PrintWriter err) {
        this.server = server;
        this.options = options;
        this.progress = progress;
        this.err = err;
    }

    /**
     * Writes the file.
     *
     * @return how many rows are in it
     */
    public long run() {
        List<RowTarget.Column> columns = columns();
        ObjectNode query = query(columns);
        long total = count();
        Path part = options.file().resolveSibling(options.file().getFileName() + ".part");
        TransferState state = new TransferState(options.file(), "export");
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            JsonNode kept = options.restart() || !options.format().isContinuable() ? null : state.read(query);
            long rows = kept == null ? 0 : kept.path("rows").asLong(0);
            out.truncate(kept == null ? 0 : kept.path("bytes").asLong(0));
            out.position(out.size());
            if (kept != null) {
                err.println("Going on after " + rows + " rows that are there; --restart begins anew");
            }
            try (RowTarget target = RowTarget.open(options.format(), columns, out, kept != null)) {
                String cursor = kept == null ? null : kept.path("cursor").asString(null);
                rows = copy(query, cursor, rows, total, target, (next, written) -> {
                    if (options.format().isContinuable()) {
                        out.force(false);
                        state.write(
                                query.deepCopy(),
                                JsonMapper.shared()
                                        .createObjectNode()
                                        .put("cursor", next)
                                        .put("rows", written)
                                        .put("bytes", out.position()));
                    }
                });
            }
            AtomicFiles.publish(part, options.file());
            state.forget();
            return rows;
        } catch (IOException unwritable) {
            throw new UnavailableException("The export stopped: " + unwritable, unwritable);
        }
    }

    /** Writes the rows to a stream, which stays open. Parquet and Arrow are written as they are in files and streams. */
    public long run(OutputStream stream) {
        List<RowTarget.Column> columns = columns();
        try {
            WritableByteChannel out = new OpenChannel(Channels.newChannel(stream));
            long rows;
            try (RowTarget target = RowTarget.open(options.format(), columns, out, false)) {
                rows = copy(query(columns), null, 0, count(), target, (_, _) -> {});
            }
            stream.flush();
            return rows;
        } catch (IOException unwritable) {
            throw new UnavailableException("The export stopped: " + unwritable, unwritable);
        }
    }

    /** A channel that those who write to it do not close. */
    private record OpenChannel(WritableByteChannel out) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return out.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return out.isOpen();
        }

        @Override
        public void close() {}
    }

    /** Told after each page but the last where the next one begins and how many rows are written. */
    private interface PageWritten {
        void at(String cursor, long rows) throws IOException;
    }

    private long copy(
            ObjectNode query, @Nullable String begin, long before, long total, RowTarget target, PageWritten written)
            throws IOException {
        long rows = before;
        String cursor = begin;
        do {
            ObjectNode page = query.deepCopy().put("limit", PAGE);
            if (cursor != null) {
                page.put("cursor", cursor);
            }
            JsonNode answer = server.query(options.table(), page).json();
            target.write(answer.path("rows"));
            rows += answer.path("rows").size();
            cursor = answer.path("next_cursor").asString(null);
            if (cursor != null) {
                written.at(cursor, rows);
            }
            progress.show(total == 0 ? 1 : (double) rows / total, rows - before, 0);
        } while (cursor != null);
        progress.end(rows - before, 0);
        return rows;
    }

    private List<RowTarget.Column> columns() {
        Map<String, RowTarget.Column> all = new LinkedHashMap<>();
        for (JsonNode column : server.describe(options.table()).json().path("columns")) {
            String name = column.path("name").asString("");
            String type = column.path("type").asString("");
            all.put(
                    name,
                    new RowTarget.Column(name, type, column.path("dimensions").asInt(0)));
        }
        if (options.columns().isEmpty()) {
            return all.values().stream()
                    .filter(column -> options.vectors() || !column.type().equals("embedding"))
                    .toList();
        }
        // A name that the table does not have is for the server to refuse.
        return options.columns().stream()
                .map(name -> all.getOrDefault(name, new RowTarget.Column(name, "string", 0)))
                .toList();
    }

    private ObjectNode query(List<RowTarget.Column> columns) {
        ObjectNode query = where(JsonMapper.shared().createObjectNode());
        ArrayNode select = query.putArray("select");
        columns.forEach(column -> select.add(column.name()));
        return query;
    }

    private long count() {
        ObjectNode query = where(JsonMapper.shared().createObjectNode()).put("count", true);
        return server.query(options.table(), query).json().path("count").asLong(0);
    }

    private ObjectNode where(ObjectNode query) {
        if (options.where() != null) {
            ObjectNode where = query.putObject("where").put("text", options.where());
            ArrayNode parameters = where.putArray("params");
            options.parameters().forEach(text -> parameters.add(parameter(text)));
        }
        return query;
    }

    private static JsonNode parameter(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (tools.jackson.core.JacksonException plain) {
            return JsonMapper.shared().getNodeFactory().stringNode(text);
        }
    }
}
