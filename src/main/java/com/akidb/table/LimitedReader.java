package com.akidb.table;

import com.akidb.concurrent.Futures;
import com.akidb.engine.Cell;
import com.akidb.engine.CellCounts;
import com.akidb.engine.CellQuery;
import com.akidb.engine.Changes;
import com.akidb.engine.Column;
import com.akidb.engine.GroupQuery;
import com.akidb.engine.QueryPage;
import com.akidb.engine.Row;
import com.akidb.engine.RowPage;
import com.akidb.engine.RowQuery;
import com.akidb.engine.SearchResult;
import com.akidb.engine.TableReader;
import com.akidb.engine.TextSearch;
import com.akidb.engine.VectorSearch;
import com.akidb.error.ForbiddenException;
import com.akidb.query.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads what of a table its caller may see: rows that do not satisfy the condition are not there, and cells of other columns have
 * no value. What would tell of other rows all the same is refused: plans, ranks by words, which depend on how often a word occurs
 * in all rows, and the log of changes.
 */
final class LimitedReader implements TableReader {

    private final TableReader all;
    private final TableSchema schema;
    private final @Nullable RowCondition condition;
    private final boolean[] hidden;

    LimitedReader(TableReader all, TableSchema schema) {
        this.all = all;
        this.schema = schema;
        Predicate where = schema.condition();
        this.condition = where == null ? null : new RowCondition(new TableSchema(schema.table()), where, "where");
        List<Column> columns = schema.definition().columns();
        this.hidden = new boolean[columns.size()];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = schema.hides(columns.get(i));
        }
    }

    private boolean isVisible(Row row) {
        return condition == null || condition.passes(row);
    }

    private Row shown(Row row) {
        if (!schema.hidesColumns()) {
            return row;
        }
        List<@Nullable Object> values = new ArrayList<>(row.values().size());
        for (int i = 0; i < row.values().size(); i++) {
            values.add(hidden[i] ? null : row.values().get(i));
        }
        return new Row(row.rowId(), row.version(), row.changedAt(), values);
    }

    @Override
    public Optional<Row> get(String key, boolean includeVectors) {
        return all.get(key, includeVectors).filter(this::isVisible).map(this::shown);
    }

    @Override
    public List<@Nullable Row> rows(long[] rowIds, boolean includeVectors) {
        List<@Nullable Row> shown = new ArrayList<>(rowIds.length);
        for (@Nullable Row row : all.rows(rowIds, includeVectors)) {
            shown.add(row == null || !isVisible(row) ? null : shown(row));
        }
        return shown;
    }

    @Override
    public QueryPage query(RowQuery query) {
        QueryPage page = all.query(new RowQuery(
                schema.within(query.where()),
                query.order(),
                query.after(),
                query.offset(),
                query.limit(),
                query.mostBytes(),
                query.includeVectors(),
                query.computed()));
        return new QueryPage(page.rows().stream().map(this::shown).toList(), page.computed(), page.next());
    }

    @Override
    public long count(@Nullable Predicate where) {
        return all.count(schema.within(where));
    }

    @Override
    public List<GroupQuery.Group> groups(GroupQuery query) {
        return all.groups(new GroupQuery(schema.within(query.where()), query.by(), query.byCount(), query.limit()));
    }

    @Override
    public List<TextSearch.TextHit> searchText(TextSearch search) {
        if (condition != null) {
            throw refused("Searches by words are");
        }
        return all.searchText(search);
    }

    @Override
    public SearchResult search(VectorSearch search) {
        return shown(all.search(within(search)));
    }

    @Override
    public @Nullable SearchResult searchCached(VectorSearch search) {
        SearchResult found = all.searchCached(within(search));
        return found == null ? null : shown(found);
    }

    @Override
    public CompletableFuture<SearchResult> search(VectorSearch search, Executor threads) {
        return Futures.then(all.search(within(search), threads), this::shown);
    }

    private VectorSearch within(VectorSearch search) {
        if (search.explain()) {
            throw refused("Explanations are");
        }
        return new VectorSearch(
                search.column(),
                search.vector(),
                search.k(),
                schema.within(search.filter()),
                search.threshold(),
                search.includeVectors(),
                false,
                search.options());
    }

    private SearchResult shown(SearchResult found) {
        if (!schema.hidesColumns()) {
            return found;
        }
        return new SearchResult(
                found.hits().stream()
                        .map(hit -> new SearchResult.Hit(shown(hit.row()), hit.score()))
                        .toList(),
                found.truncated(),
                found.explanation());
    }

    @Override
    public List<String> explain(RowQuery query) {
        throw refused("Plans are");
    }

    @Override
    public RowPage list(long after, int limit, boolean includeVectors) {
        throw refused("Lists of all rows are");
    }

    @Override
    public CellCounts countCells(String column) {
        throw refused("States of computed columns are");
    }

    @Override
    public List<Cell> cells(CellQuery query) {
        throw refused("States of computed columns are");
    }

    @Override
    public Changes changes(Changes.Place after, int limit, boolean includeVectors) {
        throw refused("Changes are");
    }

    private static ForbiddenException refused(String what) {
        return new ForbiddenException(
                what + " not for keys and tokens that may see only a part of the table: they would tell of the rest");
    }
}
