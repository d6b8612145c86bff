package com.akidb.engine.embedded.read;

import com.akidb.engine.IndexMethod;
import com.akidb.engine.TextSearch;
import com.akidb.engine.TextSearch.TextHit;
import com.akidb.engine.embedded.catalog.IndexRecord;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.file.Readers;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.read.WordCounts.Word;
import com.akidb.engine.embedded.sql.PredicateSql;
import com.akidb.engine.embedded.sql.SqlText;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnavailableException;
import com.akidb.query.Predicate;
import com.akidb.text.SearchTerms;
import com.akidb.text.SearchTerms.Term;
import com.github.benmanes.caffeine.cache.Ticker;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows of one table by the {@linkplain SearchTerms terms} of texts, with SQLite's FTS5. Scores are BM25 with its usual constants (k1 1.2, b 0.75), per
 * index; where columns of several indexes are searched, their scores add up. So that time stays bounded in large tables,
 * frequent terms are left out where rarer ones match {@value #ENOUGH_ROWS} rows already: they would tell them apart least.
 */
final class TextSearcher {

    private static final int MOST_HITS = 10_000;

    /** Terms of a query that count; the rest of a long text is passed over. */
    private static final int MOST_TERMS = 64;

    private static final int ENOUGH_ROWS = 10_000;

    private final TableRecord table;
    private final Readers readers;
    private final WordCounts counts = new WordCounts(Ticker.systemTicker());

    TextSearcher(TableRecord table, Readers readers) {
        this.table = table;
        this.readers = readers;
    }

    /** The best rows, best first, ties by row id. */
    List<TextHit> search(TableLayout layout, TextSearch search) {
        if (search.k() < 1 || search.k() > MOST_HITS) {
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "k must be from 1 to " + MOST_HITS, "k");
        }
        if (search.columns().isEmpty()) {
            throw new InvalidInputException(ErrorCode.MISSING_FIELD, "At least one column is searched", "columns");
        }
        List<Term> terms = SearchTerms.of(search.words(), MOST_TERMS);
        return readers.read(reader -> {
            Map<IndexRecord, List<Integer>> parts = parts(layout, search.columns());
            if (terms.isEmpty()) {
                return List.of();
            }
            List<TextHit> hits = new ArrayList<>();
            Map<IndexRecord, String> expressions = new LinkedHashMap<>();
            for (Map.Entry<IndexRecord, List<Integer>> part : parts.entrySet()) {
                expressions.put(part.getKey(), expression(reader, layout, part.getKey(), part.getValue(), terms));
            }
            try (PreparedStatement select = reader.prepare(sql(layout, expressions, search));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    hits.add(new TextHit(row.getLong(1), -row.getDouble(2)));
                }
            }
            return hits;
        });
    }

    /** Which columns are searched in which index: each in the one that has most of them. */
    private Map<IndexRecord, List<Integer>> parts(TableLayout layout, List<String> columns) {
        List<Integer> wanted = columns.stream()
                .distinct()
                .map(name -> layout.number(layout.position(name, "columns")))
                .toList();
        Map<IndexRecord, List<Integer>> parts = new LinkedHashMap<>();
        for (int column : wanted) {
            IndexRecord index = table.indexes().stream()
                    .filter(candidate -> candidate.method() == IndexMethod.TEXT
                            && candidate.columns().contains(column))
                    .max(Comparator.comparing(IndexRecord::serves)
                            .thenComparing(candidate -> wanted.stream()
                                    .filter(candidate.columns()::contains)
                                    .count()))
                    .orElseThrow(() -> new InvalidInputException(
                            ErrorCode.INVALID_ARGUMENT,
                            "'" + layout.column(layout.positionOf(column)).name() + "' has no index of method text",
                            "columns"));
            requireReady(index);
            parts.computeIfAbsent(index, _ -> new ArrayList<>()).add(column);
        }
        return parts;
    }

    private static void requireReady(IndexRecord index) {
        switch (index.state()) {
            case READY, REBUILDING -> {}
            case BUILDING ->
                throw new UnavailableException(
                        "The index '" + index.name() + "' is still being built; try again later");
            case FAILED ->
                throw new ConflictException(
                        ErrorCode.CONFLICT,
                        "The index '" + index.name() + "' could not be built (" + index.error() + "); rebuild it",
                        "columns");
        }
    }

    private static SqlText sql(TableLayout layout, Map<IndexRecord, String> expressions, TextSearch search) {
        SqlText sql = new SqlText();
        if (expressions.size() == 1) {
            Map.Entry<IndexRecord, String> part =
                    expressions.entrySet().iterator().next();
            String text = layout.names().text(part.getKey().number());
            sql.add("SELECT " + text + ".rowid, rank FROM " + text);
            appendFilter(layout, text + ".rowid", search.filter(), sql);
            sql.add(text + " MATCH ").value(part.getValue());
            return sql.add(" ORDER BY rank, 1 LIMIT ").value(search.k());
        }
        sql.add("SELECT hit, sum(score) FROM (");
        String union = "";
        for (Map.Entry<IndexRecord, String> part : expressions.entrySet()) {
            String text = layout.names().text(part.getKey().number());
            sql.add(union + "SELECT rowid AS hit, rank AS score FROM " + text + " WHERE " + text + " MATCH ");
            sql.value(part.getValue());
            union = " UNION ALL ";
        }
        sql.add(")");
        appendFilter(layout, "hit", search.filter(), sql);
        return sql.add("true GROUP BY hit ORDER BY 2, 1 LIMIT ").value(search.k());
    }

    /** Appends a join with the rows that a filter lets pass, and a WHERE to which a condition may be added. */
    private static void appendFilter(TableLayout layout, String rowId, @Nullable Predicate filter, SqlText sql) {
        if (filter == null) {
            sql.add(" WHERE ");
            return;
        }
        // Written so that SQLite goes from the words to the rows and not the other way.
        sql.add(" CROSS JOIN " + layout.names().rows() + " ON id = " + rowId + " WHERE (");
        PredicateSql.append(layout, filter, sql);
        sql.add(") AND ");
    }

    /** What an index is asked for: the terms that count. */
    private String expression(
            Statements reader, TableLayout layout, IndexRecord index, List<Integer> columns, List<Term> terms)
            throws SQLException {
        if (terms.size() == 1 || table.state().rowCount() <= ENOUGH_ROWS) {
            return anyOf(columns, terms);
        }
        Map<Term, Long> rows = new HashMap<>();
        for (Term term : terms) {
            String asked = anyOf(columns, List.of(term));
            rows.put(
                    term,
                    counts.rowsWith(new Word(index.number(), asked), () -> rowsWith(reader, layout, index, asked)));
        }
        List<Term> counted = new ArrayList<>();
        long matched = 0;
        for (Map.Entry<Term, Long> term :
                rows.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList()) {
            if (matched == 0 || matched + term.getValue() <= ENOUGH_ROWS) {
                counted.add(term.getKey());
                matched += term.getValue();
            }
        }
        return anyOf(columns, counted);
    }

    /** How many rows match; no more than a few more than are enough. */
    private static long rowsWith(Statements reader, TableLayout layout, IndexRecord index, String expression)
            throws SQLException {
        String text = layout.names().text(index.number());
        PreparedStatement count = reader.get("SELECT count(*) FROM (SELECT 1 FROM " + text + " WHERE " + text
                + " MATCH ? LIMIT " + (ENOUGH_ROWS + 1) + ")");
        count.setString(1, expression);
        try (ResultSet row = count.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Any of the terms in these columns. Quoted, terms are never syntax; they hold no quotes. */
    private static String anyOf(List<Integer> columns, List<Term> terms) {
        String where = columns.stream().map(column -> "t" + column).collect(Collectors.joining(" ", "{", "}"));
        return where + " : "
                + terms.stream()
                        .map(term -> '"' + term.text() + (term.isPrefix() ? "\" *" : "\""))
                        .collect(Collectors.joining(" OR ", "(", ")"));
    }
}
