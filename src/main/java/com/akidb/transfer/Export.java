package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.file.AtomicFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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
            if (format == Format.PARQUET) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT, "Parquet can be imported only; export csv or ndjson", "--format");
            }
        }
    }

    public Export(Server server, Options options, Progress progress, PrintWriter err) {
        this.server = server;
        this.options = options;
        this.progress = progress;
        this.err = err;
    }

    /** @return how many rows are in the file */
    public long run() {
        List<String> columns = columns();
        ObjectNode query = query(columns);
        long total = server.query(options.table(), count()).json().path("count").asLong(0);
        Path part = options.file().resolveSibling(options.file().getFileName() + ".part");
        TransferState state = new TransferState(options.file(), "export");
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            JsonNode kept = options.restart() ? null : state.read(query);
            long rows = kept == null ? 0 : kept.path("rows").asLong(0);
            String cursor = kept == null ? null : kept.path("cursor").asString(null);
            out.truncate(kept == null ? 0 : kept.path("bytes").asLong(0));
            out.position(out.size());
            if (kept == null) {
                write(out, options.format() == Format.CSV ? CsvTarget.line(columns) : "");
            } else {
                err.println("Going on after " + rows + " rows that are there; --restart begins anew");
            }
            long begun = rows;
            do {
                ObjectNode page = query.deepCopy().put("limit", PAGE);
                if (cursor != null) {
                    page.put("cursor", cursor);
                }
                JsonNode answer = server.query(options.table(), page).json();
                write(out, render(columns, answer.path("rows")));
                rows += answer.path("rows").size();
                cursor = answer.path("next_cursor").asString(null);
                if (cursor != null) {
                    out.force(false);
                    state.write(
                            query.deepCopy(),
                            JsonMapper.shared()
                                    .createObjectNode()
                                    .put("cursor", cursor)
                                    .put("rows", rows)
                                    .put("bytes", out.position()));
                }
                progress.show(total == 0 ? 1 : (double) rows / total, rows - begun, 0);
            } while (cursor != null);
            AtomicFiles.publish(part, options.file());
            state.forget();
            progress.end(rows - begun, 0);
            return rows;
        } catch (IOException unwritable) {
            throw new UnavailableException("The export stopped: " + unwritable, unwritable);
        }
    }

    private List<String> columns() {
        JsonNode table = server.describe(options.table()).json();
        if (!options.columns().isEmpty()) {
            return options.columns();
        }
        List<String> columns = new ArrayList<>();
        for (JsonNode column : table.path("columns")) {
            if (options.vectors() || !column.path("type").asString("").equals("embedding")) {
                columns.add(column.path("name").asString(""));
            }
        }
        return columns;
    }

    private ObjectNode query(List<String> columns) {
        ObjectNode query = where(JsonMapper.shared().createObjectNode());
        ArrayNode select = query.putArray("select");
        columns.forEach(select::add);
        return query;
    }

    private ObjectNode count() {
        return where(JsonMapper.shared().createObjectNode()).put("count", true);
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

    private String render(List<String> columns, JsonNode rows) {
        StringBuilder lines = new StringBuilder();
        for (JsonNode row : rows) {
            lines.append(options.format() == Format.CSV ? CsvTarget.row(columns, row) : row + "\n");
        }
        return lines.toString();
    }

    private static void write(FileChannel out, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
