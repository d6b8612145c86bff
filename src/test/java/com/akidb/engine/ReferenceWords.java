package com.akidb.engine;

import com.akidb.engine.ReferenceTable.Stored;
import com.akidb.engine.TextSearch.TextHit;
import com.akidb.query.Predicate;
import com.akidb.text.SearchTerms;
import com.akidb.text.SearchTerms.Term;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Searches by words over all rows of a {@link ReferenceTable}, ranked by BM25. */
final class ReferenceWords {

    private static final int MOST_HITS = 10_000;
    private static final int MOST_WORDS = 64;

    /** Rows that are enough: a word that would match more is left out where rarer ones match. */
    private static final int ENOUGH_ROWS = 10_000;

    private static final double K1 = 1.2;
    private static final double B = 0.75;
    private static final Pattern ACCENTS = Pattern.compile("[\\u0300-\\u036F]+");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}\\p{Co}]+");

    private final ReferenceTable table;

    ReferenceWords(ReferenceTable table) {
        this.table = table;
    }

    List<TextHit> search(TextSearch search) {
        if (search.k() < 1 || search.k() > MOST_HITS || search.columns().isEmpty()) {
            throw ReferenceTable.outOfRange("One column at least is searched, for 1 to " + MOST_HITS + " rows", "k");
        }
        List<Integer> positions = new ArrayList<>();
        for (String column : search.columns()) {
            int position = table.position(column, "columns");
            int number = table.columnIds.get(position);
            if (table.indexes.values().stream()
                    .noneMatch(index -> index.definition().method() == IndexMethod.TEXT
                            && index.columns().contains(number))) {
                throw ReferenceTable.invalid("'" + column + "' has no index of method text", "columns");
            }
            positions.add(position);
        }
        Map<Long, Map<String, Integer>> words = new HashMap<>();
        table.rows.forEach((rowId, row) -> words.put(rowId, counts(row, positions)));
        Set<Term> wanted = wanted(search.words(), words);
        Map<Term, Double> weights = weights(wanted, words);
        double length = words.values().stream()
                .mapToInt(ReferenceWords::length)
                .average()
                .orElse(1);
        ReferenceFields fields = new ReferenceFields(table);
        Predicate filter = search.filter();
        if (filter != null) {
            fields.check(filter, "filter");
        }
        List<TextHit> hits = new ArrayList<>();
        words.forEach((rowId, counts) -> {
            double score = score(counts, weights, length);
            if (score > 0 && fields.passes(row(rowId), filter)) {
                hits.add(new TextHit(rowId, score));
            }
        });
        hits.sort(Comparator.comparingDouble(TextHit::score).reversed().thenComparing(TextHit::rowId));
        return hits.subList(0, Math.min(search.k(), hits.size()));
    }

    private Stored row(long rowId) {
        return java.util.Objects.requireNonNull(table.rows.get(rowId));
    }

    private static Map<String, Integer> counts(Stored row, List<Integer> positions) {
        Map<String, Integer> counts = new HashMap<>();
        for (int position : positions) {
            words((String) row.values().get(position)).forEach(word -> counts.merge(word, 1, Integer::sum));
        }
        return counts;
    }

    /** Terms of a text, without case and accents. */
    private static List<String> words(@Nullable String text) {
        return BETWEEN_WORDS
                .splitAsStream(bare(text == null ? "" : SearchTerms.spaced(text)))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static String bare(String text) {
        String decomposed = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
        return Normalizer.normalize(ACCENTS.matcher(decomposed).replaceAll(""), Normalizer.Form.NFC);
    }

    private Set<Term> wanted(String text, Map<Long, Map<String, Integer>> rows) {
        List<Term> words = SearchTerms.of(text, MOST_WORDS).stream()
                .map(term -> new Term(bare(term.text()), term.isPrefix()))
                .distinct()
                .toList();
        if (words.size() == 1 || rows.size() <= ENOUGH_ROWS) {
            return new LinkedHashSet<>(words);
        }
        Set<Term> wanted = new LinkedHashSet<>();
        long matched = 0;
        for (Term word : words.stream()
                .sorted(Comparator.comparing(word -> rowsWith(word, rows)))
                .toList()) {
            long more = rowsWith(word, rows);
            if (matched == 0 || matched + more <= ENOUGH_ROWS) {
                wanted.add(word);
                matched += more;
            }
        }
        return wanted;
    }

    private static long rowsWith(Term word, Map<Long, Map<String, Integer>> rows) {
        return rows.values().stream().filter(counts -> count(word, counts) > 0).count();
    }

    private static int count(Term word, Map<String, Integer> counts) {
        return word.isPrefix()
                ? counts.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(word.text()))
                        .mapToInt(Map.Entry::getValue)
                        .sum()
                : counts.getOrDefault(word.text(), 0);
    }

    private static Map<Term, Double> weights(Set<Term> words, Map<Long, Map<String, Integer>> rows) {
        Map<Term, Double> weights = new HashMap<>();
        for (Term word : words) {
            long with = rowsWith(word, rows);
            weights.put(word, Math.log1p((rows.size() - with + 0.5) / (with + 0.5)));
        }
        return weights;
    }

    private static double score(Map<String, Integer> counts, Map<Term, Double> weights, double average) {
        double score = 0;
        for (Map.Entry<Term, Double> word : weights.entrySet()) {
            int count = count(word.getKey(), counts);
            score += word.getValue() * count * (K1 + 1) / (count + K1 * (1 - B + B * length(counts) / average));
        }
        return score;
    }

    private static int length(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
