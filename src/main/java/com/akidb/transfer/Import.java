package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings the rows of a file into a table, in batches that are all there or not at all. After each batch it is kept how far
 * the file is in, so that the same command goes on there after whatever stopped it.
 */
public final class Import {

    private static final Pattern ROW = Pattern.compile("rows\\[(\\d+)].*");

    private final Server server;
    private final Options options;
    private final Progress progress;
    private final PrintWriter err;
    private long consumed;
    private long inserted;
    private long updated;
    private long ignored;

    /**
     * What to import.
     *
     * @param batch rows in a request, 1 to 10,000
     * @param onConflict {@code error}, {@code replace} or {@code ignore}
     * @param restart whether to begin anew even if an earlier import stopped half-way
     * @param mostBad bad lines after which it stops
     */
    public record Options(
            Path file, Format format, String table, int batch, String onConflict, boolean restart, int mostBad) {

        private static final int MOST_ROWS = 10_000;

        public Options {
            if (batch < 1 || batch > MOST_ROWS) {
                throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "--batch must be 1 to " + MOST_ROWS, "--batch");
            }
            if (!Files.isReadable(file)) {
                throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, file + " cannot be read", "FILE");
            }
        }
    }

    private record Refused(SourceRecord record, String why) {}

    /** What was done, by this run and those before it that it went on from. */
    public record Result(long inserted, long updated, long ignored, long bad, Path badRows) {}

    public Import(Server server, Options options, Progress progress, PrintWriter err) {
        this.server = server;
        this.options = options;
        this.progress = progress;
        this.err = err;
    }

    public Result run() {
        ColumnTypes types = ColumnTypes.of(server.describe(options.table()).json());
        TransferState state = new TransferState(options.file(), "import");
        try (RecordSource source = RecordSource.open(options.file(), options.format(), types)) {
            BadLines bad = new BadLines(options.file(), header(), err);
            ObjectNode transfer = transfer();
            resume(source, state, transfer, bad);
            move(source, state, transfer, bad);
            state.forget();
            return new Result(inserted, updated, ignored, bad.count(), bad.rows());
        } catch (IOException unreadable) {
            throw new UnavailableException("The import stopped: " + unreadable, unreadable);
        }
    }

    private void resume(RecordSource source, TransferState state, ObjectNode transfer, BadLines bad)
            throws IOException {
        JsonNode kept = options.restart() ? null : state.read(transfer);
        if (kept == null) {
            bad.begin(0);
            return;
        }
        long before = kept.path("consumed").asLong(0);
        inserted = kept.path("inserted").asLong(0);
        updated = kept.path("updated").asLong(0);
        ignored = kept.path("ignored").asLong(0);
        bad.begin(kept.path("bad").asLong(0));
        err.println("Going on after " + before + " rows that an earlier import has done; --restart begins anew");
        while (consumed < before && source.next() != null) {
            consumed++;
        }
    }

    private void move(RecordSource source, TransferState state, ObjectNode transfer, BadLines bad) throws IOException {
        long begun = inserted + updated + ignored;
        List<SourceRecord> batch = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        SourceRecord record = source.next();
        while (record != null) {
            consumed++;
            if (record.row() == null) {
                refused.add(new Refused(record, String.valueOf(record.problem())));
            } else {
                batch.add(record);
            }
            record = source.next();
            if (batch.size() + refused.size() >= options.batch() || record == null) {
                send(batch, refused);
                batch.clear();
                keepAside(refused, bad);
                keep(state, transfer, bad);
                progress.show(source.progress(), inserted + updated + ignored - begun, bad.count());
            }
            if (bad.count() > options.mostBad()) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "More than " + options.mostBad() + " bad lines; see " + bad.rows() + " and --max-bad",
                        "--max-bad");
            }
        }
        progress.end(inserted + updated + ignored - begun, bad.count());
    }

    private static void keepAside(List<Refused> refused, BadLines bad) throws IOException {
        refused.sort(Comparator.comparingLong(each -> each.record().number()));
        for (Refused each : refused) {
            bad.add(each.record(), each.why());
        }
        refused.clear();
    }

    /** Sends rows; if one is refused, sets it aside and sends the others. */
    private void send(List<SourceRecord> rows, List<Refused> refused) {
        List<SourceRecord> left = new ArrayList<>(rows);
        while (!left.isEmpty()) {
            Server.Reply reply = server.insert(options.table(), body(left));
            if (reply.status() == 201) {
                inserted += reply.json().path("inserted").asLong(0);
                updated += reply.json().path("updated").asLong(0);
                ignored += reply.json().path("ignored").asLong(0);
                return;
            }
            Matcher row = ROW.matcher(reply.json().path("field").asString(""));
            int index = row.matches() ? Integer.parseInt(row.group(1)) : left.size() == 1 ? 0 : -1;
            if (index >= 0 && index < left.size()) {
                refused.add(new Refused(left.remove(index), reply.detail()));
            } else {
                // Which one it is is not said, so it is looked for; each request is all or nothing.
                int half = left.size() / 2;
                send(left.subList(0, half), refused);
                send(left.subList(half, left.size()), refused);
                return;
            }
        }
    }

    private ObjectNode body(List<SourceRecord> rows) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode list = body.putArray("rows");
        rows.forEach(record -> list.add(record.row()));
        return body.put("on_conflict", options.onConflict());
    }

    private void keep(TransferState state, ObjectNode transfer, BadLines bad) {
        state.write(
                transfer,
                JsonMapper.shared()
                        .createObjectNode()
                        .put("consumed", consumed)
                        .put("inserted", inserted)
                        .put("updated", updated)
                        .put("ignored", ignored)
                        .put("bad", bad.count()));
    }

    /** What makes it the same import again. */
    private ObjectNode transfer() throws IOException {
        return JsonMapper.shared()
                .createObjectNode()
                .put("table", options.table())
                .put("format", options.format().name())
                .put("size", Files.size(options.file()))
                .put("modified", Files.getLastModifiedTime(options.file()).toString());
    }

    private String header() throws IOException {
        if (options.format() != Format.CSV) {
            return "";
        }
        try (var lines = Files.lines(options.file())) {
            return lines.findFirst().orElse("") + "\n";
        }
    }
}
