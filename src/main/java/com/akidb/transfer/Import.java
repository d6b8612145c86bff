package com.akidb.transfer;

import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private final Consent consent;
    private final Progress progress;
    private final PrintWriter err;
    private final TransferState state;
    private ColumnTypes types = ColumnTypes.of(JsonMapper.shared().nullNode(), ColumnTypes.Times.STRICT);
    private String key = ROW_ID;
    private boolean repeatable;
    /** Rows of the file that are read. */
    private long consumed;
    /** Rows of the file that are in, or kept aside. */
    private long settled;

    private long inserted;
    private long updated;
    private long ignored;

    /**
     * What to import, and how to read it.
     *
     * @param encoding of texts; null for UTF-8
     * @param delimiter of CSV; null for the one that the first line has most of
     * @param zone of times that have none; null if such times are bad
     * @param epoch unit of times that are numbers; null if such times are bad
     * @param map names of columns in the table by names in the file
     * @param skipUnknown whether columns that the table has not are left out; else they stop the import
     * @param dryRun whether rows are only read and looked at
     * @param create whether the table is made, of the columns that fit the file
     * @param primaryKey of the table that is made; null has the server number the rows
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
            @Nullable Boolean inDoubt,
            @Nullable Charset encoding,
            @Nullable Character delimiter,
            @Nullable ZoneId zone,
            @Nullable ChronoUnit epoch,
            Map<String, String> map,
            boolean skipUnknown,
            boolean dryRun,
            boolean create,
            @Nullable String primaryKey) {

        private static final int MOST_ROWS = 10_000;

        public Options {
            map = Map.copyOf(map);
            if (batch < 1 || batch > MOST_ROWS) {
                throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "--batch must be 1 to " + MOST_ROWS, "--batch");
            }
            if (!Files.isReadable(file)) {
                throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, file + " cannot be read", "FILE");
            }
        }
    }

    /** A row that is ready to be sent. */
    private record Ready(SourceRecord record, ObjectNode row) {
        long number() {
            return record.number();
        }
    }

    private record Refused(SourceRecord record, String why) {}

    /** Rows that are read and not settled yet, and those of them that are bad. */
    private static final class Batch {
        final List<Ready> rows = new ArrayList<>();
        final List<Refused> refused = new ArrayList<>();
        final Set<JsonNode> keys = new HashSet<>();

        int size() {
            return rows.size() + refused.size();
        }
    }

    /** What was done, by this run and those before it that it went on from. */
    public record Result(long inserted, long updated, long ignored, long bad, Path badRows) {}

    /** Says yes or no to a table that would be made. */
    public interface Consent {
        boolean create(String schema);
    }

    public Import(Server server, Options options, Consent consent, Progress progress, PrintWriter err) {
        this.server = server;
        this.options = options;
        this.consent = consent;
        this.progress = progress;
        this.err = err;
        this.state = new TransferState(options.file(), "import");
    }

    /** @return null if the table was not made because it was declined */
    public @Nullable Result run() {
        FileRows.Reading reading =
                new FileRows.Reading(options.file(), options.format(), options.encoding(), options.delimiter());
        try {
            JsonNode table = table(reading);
            if (table == null) {
                return null;
            }
            key = table.path("primary_key").asString(ROW_ID);
            // The same rows twice under keys of their own are there once.
            repeatable = !options.onConflict().equals("error") && !key.equals(ROW_ID);
            types = ColumnTypes.of(table, new ColumnTypes.Times(options.zone(), options.epoch()));
            try (FileRows source = FileRows.open(reading)) {
                source.columns().forEach(this::requireKnown);
                BadLines bad = new BadLines(options.file(), source, err, !options.dryRun());
                ObjectNode transfer = transfer();
                Batch begun = resume(source, transfer, bad);
                move(source, begun, transfer, bad);
                if (!options.dryRun()) {
                    state.forget();
                }
                return new Result(inserted, updated, ignored, bad.count(), bad.rows());
            }
        } catch (IOException unreadable) {
            throw new UnavailableException("The import stopped: " + unreadable, unreadable);
        } catch (UnavailableException away) {
            throw new UnavailableException(
                    away.code(), away.detail() + "\nThe same command goes on where this one stopped.", away);
        }
    }

    /** The table as the server describes it, made if that was asked for; null if that was declined. */
    private @Nullable JsonNode table(FileRows.Reading reading) throws IOException {
        if (!options.create()) {
            return server.describe(options.table()).json();
        }
        if (server.has(options.table())) {
            if (!options.restart() && state.exists()) {
                return server.describe(options.table()).json();
            }
            throw new ConflictException(
                    ErrorCode.ALREADY_EXISTS,
                    "The table '" + options.table() + "' exists already; leave out --create to import rows into it",
                    "--create");
        }
        InferredSchema schema;
        try (FileRows source = FileRows.open(reading)) {
            schema = InferredSchema.infer(source, this::target, options.zone() != null);
        }
        ObjectNode request = schema.request(options.table(), options.primaryKey());
        String shown = schema.shown(options.table(), options.primaryKey());
        if (options.dryRun()) {
            err.print(shown);
            return request;
        }
        return consent.create(shown) ? server.create(request).json() : null;
    }

    /** What a column of the file is called in the table; null if it is left out. */
    private @Nullable String target(String column) {
        String name = options.map().getOrDefault(column, column);
        // The numbers that an export wrote down were given by the server, and so are those of the rows that come.
        return name.isEmpty() || name.equals(ROW_ID) && key.equals(ROW_ID) ? null : name;
    }

    private void requireKnown(String column) {
        String name = target(column);
        if (name != null && !types.has(name) && !options.skipUnknown()) {
            throw ColumnTypes.unknown(column, types.names());
        }
    }

    /** The row that a record becomes. */
    private ObjectNode row(SourceRecord record) {
        ObjectNode row = JsonMapper.shared().createObjectNode();
        for (Map.Entry<String, Object> cell :
                Objects.requireNonNull(record.cells()).entrySet()) {
            String name = target(cell.getKey());
            if (name == null || !types.has(name) && options.skipUnknown()) {
                continue;
            }
            if (!types.has(name)) {
                throw new IllegalArgumentException("has a column '" + cell.getKey() + "', which the table does not have"
                        + Suggestion.hint(name, types.names()));
            }
            if (row.has(name)) {
                throw new IllegalArgumentException("has two values for " + name);
            }
            row.set(name, types.value(name, cell.getValue()));
        }
        return row;
    }

    /** Takes a record into a batch: as a row, or as refused. */
    private void take(Batch batch, SourceRecord record, @Nullable String refused) {
        String why = refused == null ? record.problem() : refused;
        if (why == null) {
            try {
                ObjectNode row = row(record);
                batch.rows.add(new Ready(record, row));
                if (row.has(key)) {
                    batch.keys.add(row.get(key));
                }
                return;
            } catch (IllegalArgumentException unusable) {
                why = String.valueOf(unusable.getMessage());
            }
        }
        batch.refused.add(new Refused(record, why));
    }

    /** Whether a record's key is that of another row of the batch: then it belongs into a later request. */
    private boolean isTwice(Batch batch, SourceRecord record) {
        Object value = record.cells() == null ? null : cellOf(record.cells(), key);
        if (value == null || !types.has(key)) {
            return false;
        }
        try {
            return batch.keys.contains(types.value(key, value));
        } catch (IllegalArgumentException unusable) {
            return false;
        }
    }

    private @Nullable Object cellOf(Map<String, Object> cells, String column) {
        for (Map.Entry<String, Object> cell : cells.entrySet()) {
            if (column.equals(target(cell.getKey()))) {
                return cell.getValue();
            }
        }
        return null;
    }

    /** Passes over what earlier runs have done; the rows of a batch in whose middle one stopped, which are still to go. */
    private Batch resume(FileRows source, ObjectNode transfer, BadLines bad) throws IOException {
        JsonNode kept = options.restart() || options.dryRun() ? null : state.read(transfer);
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
        InFlightBatch sent = InFlightBatch.read(kept.path("on_the_way"));
        return sent == null ? new Batch() : settle(source, sent);
    }

    /** Reads the batch again whose rows were on their way, and passes over those that are in. */
    private Batch settle(FileRows source, InFlightBatch sent) throws IOException {
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
            String why = sent.whyRefused(record.number());
            Batch seen = why == null && record.number() <= arrived ? new Batch() : left;
            take(seen, record, why);
            if (seen != left) {
                left.refused.addAll(seen.refused);
            }
        }
        return left;
    }

    private void move(FileRows source, Batch begunBatch, ObjectNode transfer, BadLines bad) throws IOException {
        long begun = inserted + updated + ignored;
        Batch batch = begunBatch;
        SourceRecord record = source.next();
        while (record != null || batch.size() > 0) {
            boolean full = true;
            if (record != null && batch.size() < options.batch() && !isTwice(batch, record)) {
                consumed++;
                take(batch, record, null);
                record = source.next();
                full = false;
            }
            if (full || batch.size() >= options.batch() || record == null) {
                send(batch.rows, batch.refused, transfer, bad);
                keepAside(batch.refused, bad);
                batch = new Batch();
                if (!options.dryRun()) {
                    state.write(transfer, kept(bad));
                }
                settled = consumed;
                progress.show(source.progress(), inserted + updated + ignored - begun, bad.count());
            }
            if (bad.count() > options.mostBad()) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        "More than " + options.mostBad() + " bad " + source.unit() + "s; "
                                + (options.dryRun() ? "see" : "see " + bad.rows() + " and") + " --max-bad",
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
    private void send(List<Ready> rows, List<Refused> refused, ObjectNode transfer, BadLines bad) {
        if (options.dryRun()) {
            inserted += rows.size();
            return;
        }
        List<Ready> left = new ArrayList<>(rows);
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
                String why = reply.detail().replaceFirst("^rows\\[" + index + "]\\.?", "");
                refused.add(new Refused(left.remove(index).record(), why.strip()));
            } else {
                // Which one it is is not said, or together they are too large; each request is all or nothing.
                int half = left.size() / 2;
                send(left.subList(0, half), refused, transfer, bad);
                send(left.subList(half, left.size()), refused, transfer, bad);
                return;
            }
        }
    }

    private ObjectNode body(List<Ready> rows) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode list = body.putArray("rows");
        rows.forEach(ready -> list.add(ready.row()));
        return body.put("on_conflict", options.onConflict());
    }

    private void writeDown(List<Ready> rows, List<Refused> refused, ObjectNode transfer, BadLines bad) {
        List<InFlightBatch.Refusal> refusals = refused.stream()
                .map(each -> new InFlightBatch.Refusal(each.record().number(), each.why()))
                .toList();
        JsonNode table = server.describe(options.table()).json();
        ObjectNode kept = kept(bad).put("consumed", settled);
        List<SourceRecord> records = rows.stream().map(Ready::record).toList();
        kept.set(
                "on_the_way",
                InFlightBatch.of(records, table, consumed, refusals).json());
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

    /** How the file is read, which decides what its rows are. */
    private String reading() {
        return Stream.of(options.encoding(), options.delimiter(), options.zone(), options.epoch())
                        .map(each -> each == null ? "" : each.toString())
                        .collect(Collectors.joining(" "))
                + new TreeMap<>(options.map())
                + options.skipUnknown();
    }

    /** What makes it the same import again. */
    private ObjectNode transfer() throws IOException {
        return JsonMapper.shared()
                .createObjectNode()
                .put("table", options.table())
                .put("format", options.format().name())
                .put("reading", reading())
                .put("size", Files.size(options.file()))
                .put("modified", Files.getLastModifiedTime(options.file()).toString());
    }
}
