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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings the rows of a file into a table, in batches that are all there or not at all. After each batch it is kept how far
 * the file is in, so that the same command goes on there after whatever stopped it, and before each request whose rows would
 * be there twice if it were repeated, how to tell whether it arrived.
 */
public final class Import {

    /** Primary key of a table whose rows the server numbers. */
    private static final String ROW_ID = "row_id";

    private static final Pattern ROW = Pattern.compile("rows\\[(\\d+)].*");

    private final Server server;
    private final Options options;
    private final Progress progress;
    private final PrintWriter err;
    private final TransferState state;
    private boolean repeatable;
    /** Rows of the file that are read. */
    private long consumed;
    /** Rows of the file that are in, or kept aside. */
    private long settled;

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
     * @param inDoubt what became of the rows that were on their way when an earlier import stopped, where that cannot be
     *     told: true if they are in, false if they are lost; null to stop and ask
     */
    public record Options(
            Path file,
            Format format,
            String table,
            int batch,
            String onConflict,
            boolean restart,
            int mostBad,
            @Nullable Boolean inDoubt) {

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

    /** Rows that are read and not settled yet, and those of them that are bad. */
    private record Batch(List<SourceRecord> rows, List<Refused> refused) {
        Batch() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        int size() {
            return rows.size() + refused.size();
        }
    }

    /** What was done, by this run and those before it that it went on from. */
    public record Result(long inserted, long updated, long ignored, long bad, Path badRows) {}

    public Import(Server server, Options options, Progress progress, PrintWriter err) {
        this.server = server;
        this.options = options;
        this.progress = progress;
        this.err = err;
        this.state = new TransferState(options.file(), "import");
    }

    public Result run() {
        JsonNode table = server.describe(options.table()).json();
        // The same rows twice under keys of their own are there once.
        repeatable = !options.onConflict().equals("error")
                && !table.path("primary_key").asString("").equals(ROW_ID);
        try (RecordSource source = RecordSource.open(options.file(), options.format(), ColumnTypes.of(table))) {
            BadLines bad = new BadLines(options.file(), header(), err);
            ObjectNode transfer = transfer();
            Batch begun = resume(source, transfer, bad);
            move(source, begun, transfer, bad);
            state.forget();
            return new Result(inserted, updated, ignored, bad.count(), bad.rows());
        } catch (IOException unreadable) {
            throw new UnavailableException("The import stopped: " + unreadable, unreadable);
        } catch (UnavailableException away) {
            throw new UnavailableException(
                    away.code(), away.detail() + "\nThe same command goes on where this one stopped.", away);
        }
    }

    /** Passes over what earlier runs have done; the rows of a batch in whose middle one stopped, which are still to go. */
    private Batch resume(RecordSource source, ObjectNode transfer, BadLines bad) throws IOException {
        JsonNode kept = options.restart() ? null : state.read(transfer);
        if (kept == null) {
            bad.begin(0);
            return new Batch();
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
        settled = consumed;
        OnTheWay sent = OnTheWay.read(kept.path("on_the_way"));
        return sent == null ? new Batch() : settle(source, sent);
    }

    /** Reads the batch again whose rows were on their way, and passes over those that are in. */
    private Batch settle(RecordSource source, OnTheWay sent) throws IOException {
        Boolean said = options.inDoubt();
        boolean in =
                said != null ? said : sent.isIn(server.describe(options.table()).json());
        inserted += in ? sent.rows() : 0;
        long arrived = in ? sent.to() : sent.from() - 1;
        Batch left = new Batch();
        while (consumed < sent.consumed()) {
            SourceRecord record = source.next();
            if (record == null) {
                break;
            }
            consumed++;
            String why = record.row() == null ? record.problem() : sent.whyRefused(record.number());
            if (record.row() == null || why != null) {
                left.refused().add(new Refused(record, String.valueOf(why)));
            } else if (record.number() > arrived) {
                left.rows().add(record);
            }
        }
        return left;
    }

    private void move(RecordSource source, Batch begunBatch, ObjectNode transfer, BadLines bad) throws IOException {
        long begun = inserted + updated + ignored;
        Batch batch = begunBatch;
        SourceRecord record = source.next();
        while (record != null || batch.size() > 0) {
            if (record != null && batch.size() < options.batch()) {
                consumed++;
                if (record.row() == null) {
                    batch.refused().add(new Refused(record, String.valueOf(record.problem())));
                } else {
                    batch.rows().add(record);
                }
                record = source.next();
            }
            if (batch.size() >= options.batch() || record == null) {
                send(batch.rows(), batch.refused(), transfer, bad);
                keepAside(batch.refused(), bad);
                batch = new Batch();
                state.write(transfer, kept(bad));
                settled = consumed;
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
    private void send(List<SourceRecord> rows, List<Refused> refused, ObjectNode transfer, BadLines bad) {
        List<SourceRecord> left = new ArrayList<>(rows);
        while (!left.isEmpty()) {
            if (!repeatable) {
                writeDown(left, refused, transfer, bad);
            }
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
                send(left.subList(0, half), refused, transfer, bad);
                send(left.subList(half, left.size()), refused, transfer, bad);
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

    private void writeDown(List<SourceRecord> rows, List<Refused> refused, ObjectNode transfer, BadLines bad) {
        List<OnTheWay.Refusal> refusals = refused.stream()
                .map(each -> new OnTheWay.Refusal(each.record().number(), each.why()))
                .toList();
        JsonNode table = server.describe(options.table()).json();
        ObjectNode kept = kept(bad).put("consumed", settled);
        kept.set("on_the_way", OnTheWay.of(rows, table, consumed, refusals).json());
        state.write(transfer, kept);
    }

    private ObjectNode kept(BadLines bad) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("consumed", consumed)
                .put("inserted", inserted)
                .put("updated", updated)
                .put("ignored", ignored)
                .put("bad", bad.count());
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
