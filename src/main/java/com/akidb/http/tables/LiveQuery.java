package com.akidb.http.tables;

import com.akidb.account.Account;
import com.akidb.account.Rights;
import com.akidb.engine.Changes;
import com.akidb.engine.Column;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.Row;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.TableChangedException;
import com.akidb.error.TooLargeException;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.tables.QueryEndpoint.QueryBody;
import com.akidb.query.Predicate;
import com.akidb.table.Projection;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import com.akidb.table.RowCondition;
import com.akidb.table.RowService;
import com.akidb.table.RowService.TableQuery;
import com.akidb.table.Search;
import com.akidb.table.Search.Probe;
import com.akidb.table.Search.Ranking;
import com.akidb.table.SearchService;
import com.akidb.table.SearchService.SearchAnswer;
import com.akidb.table.SearchService.SearchAnswer.Match;
import com.akidb.table.TableSchema;
import com.akidb.vector.Metric;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A query or a similarity search whose answer is followed as the table changes. Rows that were written are compared with the
 * last row of the best, so that most commits need no search; a query is asked again when a row that it shows, or may show, was
 * written. Its answer is always that of the same query asked anew. Blocks; for one thread at a time. Failures are
 * {@link com.akidb.error.AkidbException}s that name fields as the routes do.
 */
public final class LiveQuery {

    /** Most rows of an answer. */
    public static final int MOST_ROWS = 1_000;

    /** Most bytes of an answer, as JSON. */
    private static final int MOST_BYTES = 1 << 20;

    /** Rows that are known behind the last one of the answer, to take the places of rows that go. */
    private static final int SPARE = 32;

    private static final int MOST_CHANGES = 1_000;
    private static final int MOST_ATTEMPTS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Service service;
    private final Kind kind;
    private final String request;
    private final Rights rights;
    private final Account account;
    private final TableSchema watched;
    private @Nullable Plan plan;
    private Changes.Place place = Changes.Place.after(0);

    /** What is asked. */
    public enum Kind {
        /** The body of {@code POST /tables/{table}/query}. */
        QUERY,
        /** The body of {@code POST /tables/{table}/search/similarity}. */
        SIMILARITY
    }

    /** What answers live queries. */
    public record Service(TableEngine engine, RowService rows, SearchService searches) {

        /**
         * A live query, which has not been asked yet.
         *
         * @param request its body, JSON
         * @param rights of the caller
         * @param account charged for a text that is embedded
         * @throws NotFoundException if there is no such table for the caller
         */
        public LiveQuery open(String table, Kind kind, String request, Rights rights, Account account) {
            return new LiveQuery(this, rows.schema(table, rights), kind, request, rights, account);
        }
    }

    /**
     * A row of an answer, or a group, or a number.
     *
     * @param key by which it is the same row as before: the primary key as text
     * @param json as the route answers it
     */
    public record Item(String key, String json) {

        /** About the memory that it holds, in bytes. */
        public long weight() {
            return 128L + 2L * (key.length() + json.length());
        }
    }

    /**
     * The answer as of a commit.
     *
     * @param version the commit; what a later one did may be in it as well
     */
    public record State(long version, List<Item> items) {}

    private LiveQuery(Service service, TableSchema watched, Kind kind, String request, Rights rights, Account account) {
        this.service = service;
        this.watched = watched;
        this.kind = kind;
        this.request = request;
        this.rights = rights;
        this.account = account;
    }

    /** The table, as it was when this was opened. */
    public TableSchema table() {
        return watched;
    }

    /** The answer as of now. */
    public State next() {
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            try {
                Plan known = plan;
                return known == null ? begin() : follow(known);
            } catch (TableChangedException e) {
                plan = null; // It may mean something else for the columns that there are now.
            }
        }
        throw new TableChangedException();
    }

    private State begin() {
        TableSchema schema = service.rows.schema(watched.name(), rights);
        if (!schema.id().equals(watched.id())) {
            throw new NotFoundException(ErrorCode.NOT_FOUND, "The table is another one now", "table");
        }
        byte[] body = request.getBytes(StandardCharsets.UTF_8);
        JsonReader json = new JsonReader(body, body.length);
        Plan made = kind == Kind.QUERY ? query(QueryBody.read(json, schema), schema) : similarity(json, schema);
        State state = refresh(made);
        plan = made;
        return state;
    }

    private State refresh(Plan asked) {
        // What happens from here on is looked at next time, even if the answer has it already.
        record Now(Changes.Place place, long version) {}
        Now now = service.engine.snapshot(
                List.of(asked.schema.table()),
                snapshot -> new Now(snapshot.now(asked.schema.table()), snapshot.version()));
        asked.ask();
        place = now.place;
        return new State(now.version, checked(asked.items()));
    }

    private State follow(Plan known) {
        record Read(Changes changes, long version) {}
        Read read = service.engine.snapshot(
                List.of(known.schema.table()),
                snapshot -> new Read(
                        snapshot.changes(known.schema.table(), place, MOST_CHANGES, known.needsVectors()),
                        snapshot.version()));
        if (!(read.changes instanceof Changes.Page page) || page.more() || !known.take(page.changes())) {
            return refresh(known);
        }
        place = page.next();
        return new State(read.version, checked(known.items()));
    }

    private static List<Item> checked(List<Item> items) {
        long bytes = 0;
        for (Item item : items) {
            bytes += item.key.length() + item.json.length();
        }
        if (bytes > MOST_BYTES) {
            throw new TooLargeException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The answer of a live query has at most " + MOST_BYTES + " bytes; ask for fewer rows or columns");
        }
        return items;
    }

    /** How an answer is had and kept. */
    private abstract static class Plan {

        final TableSchema schema;

        Plan(TableSchema schema) {
            this.schema = schema;
        }

        /** Asks for all of it. */
        abstract void ask();

        /** Takes in what was written; false if all has to be asked for again. */
        abstract boolean take(List<Changes.Change> changes);

        abstract List<Item> items();

        boolean needsVectors() {
            return false;
        }

        final String key(Row row) {
            return String.valueOf(
                    row.values().get(schema.position(schema.definition().primaryKey())));
        }
    }

    private static Item item(String key, BiConsumer<JsonWriter, String> writing) {
        JsonWriter json = new JsonWriter(128);
        writing.accept(json, key);
        return new Item(key, new String(json.array(), 0, json.size(), StandardCharsets.UTF_8));
    }

    private Plan query(QueryBody body, TableSchema schema) {
        if (body.explain) {
            throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, "explain", "cannot be used in a live query");
        }
        return switch (body.mode()) {
            case COUNT ->
                new Asked(schema, null, () -> {
                    long count = service.rows.count(schema, body.where);
                    return List.of(item("count", (json, _) -> json.value(count)));
                });
            case DISTINCT -> {
                List<Selected> select = body.select();
                RowJson writer = new RowJson(select, body.includeMeta, body.format);
                GroupQuery distinct =
                        new GroupQuery(body.where, QueryEndpoint.fields(select), false, limit(body.limit()));
                yield new Asked(
                        schema,
                        null,
                        () -> groups(schema, distinct, (json, group) -> writer.write(json, QueryEndpoint.row(group))));
            }
            case GROUPS -> {
                RowJson writer = new RowJson(body.groupBy(), false, body.format);
                GroupQuery groups =
                        new GroupQuery(body.where, QueryEndpoint.fields(body.groupBy()), true, limit(body.limit()));
                yield new Asked(
                        schema,
                        null,
                        () -> groups(schema, groups, (json, group) -> QueryEndpoint.write(json, writer, group)));
            }
            case ROWS -> body.similarity == null ? rows(body, schema) : nearest(body, body.similarity, schema);
        };
    }

    private static int limit(int rows) {
        if (rows > MOST_ROWS) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE, "limit", "of a live query must be at most " + MOST_ROWS + ", got " + rows);
        }
        return rows;
    }

    /** Groups are the same as before if their values are. */
    private List<Item> groups(TableSchema schema, GroupQuery query, BiConsumer<JsonWriter, GroupQuery.Group> writing) {
        return service.rows.groups(schema, query).stream()
                .map(group -> item(group.values().toString(), (json, _) -> writing.accept(json, group)))
                .toList();
    }

    private Plan rows(QueryBody body, TableSchema schema) {
        TableQuery query = body.query();
        if (query.cursor() != null) {
            throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, "cursor", "cannot be used in a live query");
        }
        limit(query.limit());
        RowJson writer = new RowJson(query.select(), body.includeMeta, body.format);
        List<Selected> select = new ArrayList<>();
        select.add(schema.select(schema.definition().primaryKey(), "select"));
        select.addAll(query.select());
        TableQuery keyed = new TableQuery(
                schema, select, query.where(), query.order(), query.limit(), query.offset(), query.cursor());
        RowCondition wanted = query.where() == null ? null : new RowCondition(schema, query.where(), "where");
        // Rows before the first one that is shown move it when they come or go.
        Function<Row, Boolean> mayShow = query.offset() > 0 ? null : row -> wanted == null || wanted.passes(row);
        return new Asked(
                schema,
                mayShow,
                () -> service.rows.query(keyed).rows().stream()
                        .map(row -> item(
                                String.valueOf(row.values().getFirst()),
                                (json, _) -> writer.write(
                                        json,
                                        new TableRow(
                                                row.values().subList(1, select.size()),
                                                row.version(),
                                                row.changedAt(),
                                                null))))
                        .toList());
    }

    private Plan nearest(QueryBody body, SearchBody similarity, TableSchema schema) {
        TableQuery query = body.query();
        Projection projection = new Projection(schema, query.select());
        RowJson writer = new RowJson(query.select(), body.includeMeta, body.format);
        Search search = similarity.inQuery(query, projection.needsVectors(), false, TIMEOUT, account);
        return nearest(search, (json, match) -> writer.write(json, projection.of(match.row(), match.score())));
    }

    private Plan similarity(JsonReader json, TableSchema schema) {
        SearchBody body = new SearchBody(SearchBody.Kind.TABLE, schema.fields());
        SimilarityEndpoint.Shown shown = new SimilarityEndpoint.Shown();
        json.object(SimilarityEndpoint.FIELDS, (member, name) -> shown.member(member, name, body::member));
        json.end();
        List<Selected> select = shown.select.of(schema, body.includesVectors());
        Projection projection = new Projection(schema, select);
        RowJson writer = new RowJson(select, false, body.format());
        Search search = body.inTable(schema, projection.needsVectors(), TIMEOUT, account);
        return nearest(search, (to, match) -> SimilarityEndpoint.write(to, writer, projection, match, shown.score));
    }

    private Plan nearest(Search search, BiConsumer<JsonWriter, Match> writing) {
        search.check();
        limit(search.limit());
        if (search.reach() > MOST_ROWS) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE,
                    "offset",
                    "and " + search.form().limit() + " of a live query together must be at most " + MOST_ROWS);
        }
        Column column = search.vectorColumn();
        return search.ranking().equals(Ranking.BY_SIMILARITY)
                ? new Nearest(search, column, writing)
                : new Asked(
                        search.schema(),
                        null,
                        () -> find(search).matches().stream()
                                .map(match -> match(search.schema(), match, writing))
                                .toList());
    }

    private static Item match(TableSchema schema, Match match, BiConsumer<JsonWriter, Match> writing) {
        String key = String.valueOf(
                match.row().values().get(schema.position(schema.definition().primaryKey())));
        return item(key, (json, _) -> writing.accept(json, match));
    }

    private SearchAnswer find(Search search) {
        try {
            SearchAnswer answer = service.searches.search(search).join();
            answer.schema().table().requireColumns(search.schema().table().columnsVersion());
            if (answer.truncated()) {
                throw new TooLargeException(
                        ErrorCode.PAYLOAD_TOO_LARGE, "The answer takes too much memory; ask for fewer rows or columns");
            }
            return answer;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** What is asked for again whenever something was written that may concern it. */
    private static final class Asked extends Plan {

        private final @Nullable Function<Row, Boolean> mayShow;
        private final Supplier<List<Item>> asking;
        private final Set<String> shown = new HashSet<>();
        private List<Item> items = List.of();

        /** @param mayShow which rows may be shown, if rows are; null if any change may concern it */
        Asked(TableSchema schema, @Nullable Function<Row, Boolean> mayShow, Supplier<List<Item>> asking) {
            super(schema);
            this.mayShow = mayShow;
            this.asking = asking;
        }

        @Override
        void ask() {
            items = asking.get();
            shown.clear();
            items.forEach(item -> shown.add(item.key));
        }

        @Override
        boolean take(List<Changes.Change> changes) {
            return changes.stream().noneMatch(this::concerns);
        }

        private boolean concerns(Changes.Change change) {
            Row row = change.row();
            return mayShow == null || shown.contains(change.key()) || row != null && mayShow.apply(row);
        }

        @Override
        List<Item> items() {
            return items;
        }
    }

    /** The rows nearest to a vector. */
    private final class Nearest extends Plan {

        private final Search search;
        private final int vectors;
        private final Metric metric;
        private final @Nullable RowCondition where;
        private final @Nullable RowCondition rights;
        private final BiConsumer<JsonWriter, Match> writing;
        private final TreeSet<Hit> best =
                new TreeSet<>(Comparator.comparing(Hit::score).reversed().thenComparing(Hit::rowId));
        private final Map<String, Hit> byKey = new HashMap<>();
        private float @Nullable [] vector;

        /** Whether there are no others that could be found. */
        private boolean complete;

        private record Hit(long rowId, float score, Item item) {}

        Nearest(Search search, Column column, BiConsumer<JsonWriter, Match> writing) {
            super(search.schema());
            this.search = search;
            this.vectors = schema.position(column.name());
            this.metric = search.options().metric() == null
                    ? Objects.requireNonNull(column.metric())
                    : search.options().metric();
            Predicate visible = schema.condition();
            this.where = search.where() == null ? null : new RowCondition(schema, search.where(), "where");
            this.rights = visible == null ? null : new RowCondition(new TableSchema(schema.table()), visible, "where");
            this.writing = writing;
        }

        @Override
        boolean needsVectors() {
            return true;
        }

        @Override
        void ask() {
            float[] known = vector;
            int most = Math.min(search.form().mostRows(), search.reach() + SPARE);
            SearchAnswer answer = find(new Search(
                    schema,
                    search.column(),
                    known == null || search.probe() instanceof Probe.Like ? search.probe() : new Probe.Vector(known),
                    most,
                    0,
                    search.where(),
                    search.threshold(),
                    search.includeVectors(),
                    search.options(),
                    search.ranking(),
                    false,
                    search.form(),
                    search.timeout(),
                    search.account()));
            vector = answer.vector();
            best.clear();
            byKey.clear();
            answer.matches().forEach(this::put);
            complete = answer.matches().size() < most;
        }

        private void put(Match match) {
            Item item = match(schema, match, writing);
            Hit hit = new Hit(match.row().rowId(), match.score(), item);
            best.add(hit);
            byKey.put(item.key, hit);
        }

        @Override
        boolean take(List<Changes.Change> changes) {
            for (Changes.Change change : changes) {
                if (search.probe() instanceof Probe.Like(String key) && key.equals(change.key())) {
                    return false;
                }
                Hit before = byKey.remove(change.key());
                if (before != null) {
                    best.remove(before);
                }
                Row row = change.row();
                if (row != null && isWanted(row)) {
                    compare(row);
                }
            }
            return complete || best.size() >= search.reach();
        }

        private boolean isWanted(Row row) {
            return (rights == null || rights.passes(row)) && (where == null || where.passes(row));
        }

        private void compare(Row row) {
            if (!(row.values().get(vectors) instanceof float[] stored)) {
                return;
            }
            float score = metric.score(Objects.requireNonNull(vector), stored);
            if (search.threshold() != null && !(score >= search.threshold())) {
                return;
            }
            Hit place = new Hit(row.rowId(), score, new Item("", ""));
            if (!complete && (best.isEmpty() || best.comparator().compare(place, best.last()) > 0)) {
                return; // Others that are not known may be before it.
            }
            put(new Match(row, score, null, null));
            if (best.size() > search.reach() + SPARE) {
                byKey.remove(Objects.requireNonNull(best.pollLast()).item.key);
                complete = false;
            }
        }

        @Override
        List<Item> items() {
            return best.stream()
                    .skip(search.offset())
                    .limit(search.limit())
                    .map(Hit::item)
                    .toList();
        }
    }
}
