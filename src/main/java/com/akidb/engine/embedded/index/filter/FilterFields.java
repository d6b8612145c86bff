package com.akidb.engine.embedded.index.filter;

import com.akidb.concurrent.Patience;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import com.akidb.engine.embedded.index.filter.ValueColumn.StringDictionary;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.query.FieldPath;
import com.akidb.query.JsonScalars;
import com.akidb.query.Predicate;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The fields that filters of a table have named, and the bits of the filters themselves. Since what is known of an
 * ordinal never changes, cached bits stay true and are only continued when there are new ordinals.
 *
 * <p>Methods that say so are for the thread that holds the table's writing lock; the others are safe for any thread.
 */
public final class FilterFields {

    private static final int BITS_SHARE = 8;

    /** What it takes to look at a byte of a JSON array, in nanoseconds. */
    private static final double NANOS_OF_JSON = 10;

    /** Columns that an error names. */
    private static final int MOST_NAMES = 20;

    private final TableDefinition definition;
    private final List<Long> columnIds;
    private final long boundBytes;
    private final JsonScalars json = new JsonScalars();
    private final Map<FieldPath, FilterField> fields = new ConcurrentHashMap<>();
    private final AtomicLong ticks = new AtomicLong();
    private final Cache<Predicate, Bits> cache;

    /** The bits of the ordinals below {@code size}, by 64 a word. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Bits(long[] words, int size) {}

    /**
     * @param columnIds by the definition's columns
     * @param boundBytes memory of the fields; an eighth of it for cached bits besides
     */
    public FilterFields(TableDefinition definition, List<Long> columnIds, long boundBytes) {
        this.definition = definition;
        this.columnIds = columnIds;
        this.boundBytes = boundBytes;
        this.cache = Caffeine.newBuilder()
                .maximumWeight(Math.max(1, boundBytes / BITS_SHARE))
                .weigher((Predicate predicate, Bits bits) -> 64 + bits.words.length * Long.BYTES)
                .executor(Runnable::run)
                .build();
    }

    /**
     * The fields of the same ordinals under another definition; those of columns that are still there go on. With the
     * writing lock.
     */
    public FilterFields under(TableDefinition other, List<Long> otherIds) {
        FilterFields result = new FilterFields(other, otherIds, boundBytes);
        for (FilterField field : fields.values()) {
            int position = field.isOfCommits() ? field.position() : otherIds.indexOf(field.columnId());
            boolean isThere = position >= 0 || field.isOfCommits();
            if (isThere && field.readyFrom() != Long.MAX_VALUE) {
                FieldPath path = field.isOfCommits()
                        ? field.path()
                        : new FieldPath(
                                other.columns().get(position).name(),
                                field.path().path());
                FilterField moved =
                        result.add(path, field.columnId(), field.reader().at(position), field.column());
                moved.ready(field.readyFrom());
            }
        }
        return result;
    }

    /** The field of that path if it is registered, filled or not. */
    public @Nullable FilterField find(FieldPath path) {
        return fields.get(path);
    }

    /** The fields that a predicate names. */
    public static Set<FieldPath> of(Predicate predicate) {
        Set<FieldPath> named = new LinkedHashSet<>();
        collect(predicate, named);
        return named;
    }

    private static void collect(Predicate predicate, Set<FieldPath> into) {
        switch (predicate) {
            case Predicate.And and -> and.terms().forEach(term -> collect(term, into));
            case Predicate.Or or -> or.terms().forEach(term -> collect(term, into));
            case Predicate.Not not -> collect(not.term(), into);
            case Predicate.Compare compare -> into.add(compare.field());
            case Predicate.In in -> into.add(in.field());
            case Predicate.Like like -> into.add(like.field());
            case Predicate.Contains contains -> into.add(contains.field());
            case Predicate.IsNull isNull -> into.add(isNull.field());
        }
    }

    /** The fields that a predicate names and that cannot serve this commit yet. */
    public List<FieldPath> missing(Predicate predicate, long version) {
        return of(predicate).stream()
                .filter(path -> {
                    FilterField field = fields.get(path);
                    return field == null || field.readyFrom() > version;
                })
                .toList();
    }

    /**
     * Begins to follow a field. With the writing lock.
     *
     * @param ordinals given out so far; the caller fills them in
     * @throws InvalidInputException if the table has no such column or it cannot be filtered on
     */
    public FilterField register(FieldPath path, int ordinals) {
        ValueColumn values = new ValueColumn(new StringDictionary());
        values.reserve(ordinals);
        if (path.equals(FieldPath.VERSION)) {
            return add(path, FilterField.VERSION, new FilterField.Reader(-1, ColumnType.INT, List.of(), json), values);
        }
        if (path.equals(FieldPath.CHANGED_AT)) {
            FilterField.Reader reader = new FilterField.Reader(-1, ColumnType.TIMESTAMP, List.of(), json);
            return add(path, FilterField.CHANGED_AT, reader, values);
        }
        Column column = definition.columns().stream()
                .filter(candidate -> candidate.name().equals(path.column()))
                .findFirst()
                .orElseThrow(() -> noColumn(path.column()));
        boolean deep = !path.path().isEmpty();
        if (column.type() == ColumnType.VECTOR || (deep && column.type() != ColumnType.JSON)) {
            throw new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "Cannot filter on '" + path + "'", "filter");
        }
        int position = definition.indexOf(column.name());
        FilterField.Reader reader = new FilterField.Reader(position, column.type(), path.path(), json);
        return add(path, columnIds.get(position), reader, values);
    }

    private InvalidInputException noColumn(String name) {
        List<String> names = definition.columns().stream()
                .filter(column -> column.type() != ColumnType.VECTOR)
                .map(Column::name)
                .toList();
        String some = String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMES)));
        return new InvalidInputException(
                ErrorCode.UNKNOWN_FIELD,
                "There is no column '" + name + "' to filter on; there are " + some
                        + (names.size() > MOST_NAMES ? " and others" : "") + Suggestion.hint(name, names),
                "filter");
    }

    private FilterField add(FieldPath path, long columnId, FilterField.Reader reader, ValueColumn values) {
        FilterField field = new FilterField(path, columnId, reader, values);
        field.used(ticks.incrementAndGet());
        fields.put(path, field);
        return field;
    }

    /** Stops following a field. With the writing lock. */
    public void forget(FilterField field) {
        fields.remove(field.path(), field);
    }

    /** Whether filters have named the commits that wrote rows, so that each commit of a row needs an ordinal of its own. */
    public boolean haveCommits() {
        return fields.containsKey(FieldPath.VERSION) || fields.containsKey(FieldPath.CHANGED_AT);
    }

    /** Makes room for ordinals below that number. With the writing lock. */
    public void reserve(int ordinals) {
        fields.values().forEach(field -> field.column().reserve(ordinals));
    }

    /**
     * Takes in the row of a new ordinal. With the writing lock.
     *
     * @param before the ordinal that the row had until now; -1 if none
     * @param same stands in the row for values that the row had there
     * @param version of the commit that wrote the row
     * @param time of that commit
     */
    public void append(int ordinal, int before, List<@Nullable Object> row, Object same, long version, Instant time) {
        for (FilterField field : fields.values()) {
            Object value = field.columnId() == FilterField.VERSION
                    ? (Object) version
                    : field.columnId() == FilterField.CHANGED_AT ? time : row.get(field.position());
            if (value != same) {
                field.fill(ordinal, value);
            } else if (before >= 0) {
                field.repeat(ordinal, before);
            }
        }
    }

    /**
     * Drops the fields that were used least recently until the rest is within the bound. With the writing lock.
     *
     * @param needed fields that stay, since a search is about to use them
     */
    public void trim(Collection<FieldPath> needed) {
        while (fields.size() > 1 && bytes() > boundBytes) {
            FilterField oldest = fields.values().stream()
                    .filter(field -> field.readyFrom() != Long.MAX_VALUE && !needed.contains(field.path()))
                    .min(Comparator.comparingLong(FilterField::lastUse))
                    .orElse(null);
            if (oldest == null) {
                return;
            }
            forget(oldest);
        }
    }

    /**
     * Takes over the filled fields of another generation. With the writing lock.
     *
     * @param oldOrdinals the ordinals there of the ordinals here
     */
    public void copyFrom(FilterFields other, int[] oldOrdinals, int count) {
        for (FilterField old : other.fields.values()) {
            if (old.readyFrom() != Long.MAX_VALUE) {
                ValueColumn values = new ValueColumn(old.column().dictionary());
                values.reserve(count);
                FilterField field = add(old.path(), old.columnId(), old.reader(), values);
                for (int i = 0; i < count; i++) {
                    field.column().copy(i, old.column(), oldOrdinals[i]);
                }
                field.ready(old.readyFrom());
            }
        }
    }

    /**
     * About what it takes to find the bits of a predicate whose fields are not {@link #missing}; 0 if they are known.
     *
     * @param size ordinals that the search sees
     * @return microseconds
     */
    public double micros(Predicate predicate, int size) {
        Bits known = cache.getIfPresent(predicate);
        if (known != null && known.size >= size) {
            return 0;
        }
        return nanos(predicate, size) / 1_000;
    }

    private double nanos(Predicate predicate, int size) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> terms) ->
                terms.stream().mapToDouble(term -> nanos(term, size)).sum();
            case Predicate.Or(List<Predicate> terms) ->
                terms.stream().mapToDouble(term -> nanos(term, size)).sum();
            case Predicate.Not(Predicate term) -> nanos(term, size);
            case Predicate.Like(FieldPath field, String pattern) ->
                size + (double) textBytes(field) * (1 + pattern.length() / Long.SIZE);
            case Predicate.Contains contains -> size + textBytes(contains.field()) * NANOS_OF_JSON;
            case Predicate.Compare _, Predicate.In _, Predicate.IsNull _ -> size;
        };
    }

    private double textBytes(FieldPath path) {
        FilterField field = fields.get(path);
        return field == null ? 0 : field.column().dictionary().bytes();
    }

    /**
     * The ordinals that satisfy a predicate whose fields are not {@link #missing}, by 64 a word; null if one of them
     * was dropped meanwhile. Ends when the caller has given up. The words are shared and must not be changed; bits from {@code size} on mean nothing.
     *
     * @param size ordinals that the search sees
     * @throws com.akidb.error.DeadlineExceededException if the caller's {@link Patience} is over before it is done
     */
    public long @Nullable [] bits(Predicate predicate, int size) {
        Bits known = cache.getIfPresent(predicate);
        if (known != null && known.size >= size) {
            return known.words;
        }
        Map<FieldPath, ValueColumn> used = new HashMap<>();
        for (FieldPath path : of(predicate)) {
            FilterField field = fields.get(path);
            if (field == null) {
                return null;
            }
            field.used(ticks.incrementAndGet());
            used.put(path, field.column());
        }
        int from = known == null ? 0 : known.size & -Long.SIZE;
        long[] more = new PredicateEvaluator(used, Patience.isOver()).evaluate(predicate, from, size);
        long[] words = more;
        if (known != null && from > 0) {
            words = Arrays.copyOf(known.words, from / Long.SIZE + more.length);
            System.arraycopy(more, 0, words, from / Long.SIZE, more.length);
        }
        cache.put(predicate, new Bits(words, size));
        return words;
    }

    /** The bound on the memory of the fields. */
    public long boundBytes() {
        return boundBytes;
    }

    /** Memory of the fields and the cached bits. */
    public long bytes() {
        long bytes = 0;
        for (FilterField field : fields.values()) {
            bytes += field.column().bytes();
        }
        return bytes;
    }
}
