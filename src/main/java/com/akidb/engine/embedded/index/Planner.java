package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexMethod;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how to search by what each way costs. The constants are microseconds on one core of an AVX-512 server and
 * matter only in proportion; {@code docs/search.md} tells how they were measured.
 */
final class Planner {

    /** Ways to search. */
    enum Plan {
        EXACT,
        QUANTIZED,
        GRAPH,
        HNSW,
        IVFFLAT;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A choice.
     *
     * @param effort rows that are re-scored for QUANTIZED, {@code ef} of a graph, {@code probes} of lists; 0 for EXACT
     * @param micros what it should cost
     * @param reason in a sentence
     */
    record Choice(Plan plan, int effort, double micros, String reason) {

        /** The same search done exactly after all. */
        Choice exactly() {
            return plan == Plan.EXACT
                    ? this
                    : new Choice(Plan.EXACT, 0, micros, "The planned way found too few rows, so all were compared");
        }
    }

    /**
     * What is asked.
     *
     * @param rows of the index
     * @param passing rows among them that the filter lets through
     * @param codes whether there are codes for the metric
     * @param index that can be searched; null if none
     */
    record Question(
            long rows,
            long passing,
            int k,
            int dimension,
            boolean codes,
            @Nullable Candidate index,
            Wishes wishes) {}

    /**
     * An index that can be searched.
     *
     * @param declared whether a user declared it
     * @param lists of an ivfflat index; 0 for graphs
     * @param effort that its definition says; 0 if it says none
     * @param beside rows that it lacks, which are searched beside it
     * @param raise what the recall monitor wants effort that is chosen to be multiplied with
     */
    record Candidate(IndexMethod method, boolean declared, int lists, int effort, long beside, double raise) {}

    /**
     * What the caller or the recall monitor wants.
     *
     * @param effort of this search through an index; null to choose
     * @param exact whether all must be compared
     * @param raise what the number of candidates from codes is multiplied with
     */
    record Wishes(@Nullable Integer effort, boolean exact, double raise) {}

    /** Dimension at which the constants were measured. */
    private static final double MEASURED_DIMENSION = 384;

    private static final double EXACT_ROW = 0.045;
    private static final double CODE_ROW = 0.0025;
    private static final double CODE_FIXED = 25;
    private static final double CANDIDATE = 0.16;
    private static final double GRAPH_FIXED = 120;
    private static final double GRAPH_CANDIDATE = 2.2;
    private static final double LIST_ROW = 0.06;
    private static final double LIST_CENTRE = 0.02;

    /** Lists that are searched, by the fourth root of how many there are. */
    private static final double PROBES = 8;

    /** Fewer vectors than this share of the rows pass: an index would wander among those that do not. */
    private static final double INDEX_MIN_SHARE = 0.5;

    private Planner() {}

    static Choice choose(Question question) {
        double width = question.dimension / MEASURED_DIMENSION;
        double exact = question.passing * EXACT_ROW * width;
        if (question.wishes.exact()) {
            return new Choice(Plan.EXACT, 0, exact, "All rows were to be compared");
        }
        Choice scanned = scanned(question, exact, width);
        Choice indexed = throughIndex(question, width);
        if (indexed == null || question.index == null) {
            return scanned;
        }
        // A column's own graph that is still being built, or behind, can cost more than it saves. Who declared an index
        // asked
        // for it.
        boolean behind = !question.index.declared()
                && question.index.beside() > Maintenance.MOST_BESIDE
                && question.wishes.effort() == null;
        return behind && scanned.micros < indexed.micros ? scanned : indexed;
    }

    /** The cheapest way that needs no index. */
    private static Choice scanned(Question question, double exact, double width) {
        int candidates = raised(candidates(question.rows, question.k, question.dimension), question.wishes.raise());
        if (!question.codes || candidates >= question.passing) {
            String reason = question.codes ? "Few rows pass" : "There are no quantised codes, or too few rows";
            return new Choice(Plan.EXACT, 0, exact, reason);
        }
        double quantized = quantized(question.rows, candidates, width);
        if (exact <= quantized) {
            return new Choice(Plan.EXACT, 0, exact, "Comparing all rows that pass is cheapest");
        }
        return new Choice(Plan.QUANTIZED, candidates, quantized, "Scanning the quantised codes is cheapest");
    }

    private static double quantized(long rows, int candidates, double width) {
        return CODE_FIXED + rows * CODE_ROW * width + candidates * CANDIDATE * Math.max(1, width);
    }

    /**
     * How the rows that an index lacks are searched.
     *
     * @param rows that it lacks
     * @param passing rows among them that the filter lets through
     * @return how many of the best estimates are compared in full precision; 0 if all rows are
     */
    static int besideCandidates(long rows, long passing, int k, int dimension, double raise) {
        double width = dimension / MEASURED_DIMENSION;
        int candidates = raised(candidates(rows, k, dimension), raise);
        boolean byCodes = candidates < passing && quantized(rows, candidates, width) < passing * EXACT_ROW * width;
        return byCodes ? candidates : 0;
    }

    /** What it costs to search the rows that an index lacks. */
    private static double beside(Question question, Candidate index, double width) {
        long passing = (long) (index.beside() * (question.passing / (double) Math.max(1, question.rows)));
        int candidates = question.codes
                ? besideCandidates(index.beside(), passing, question.k, question.dimension, index.raise())
                : 0;
        return candidates > 0 ? quantized(index.beside(), candidates, width) : passing * EXACT_ROW * width;
    }

    /** Null if there is no such index, or it does not help this search. */
    private static @Nullable Choice throughIndex(Question question, double width) {
        Candidate index = question.index;
        if (index == null || question.passing < question.rows * INDEX_MIN_SHARE) {
            return null;
        }
        Choice choice =
                index.method() == IndexMethod.IVFFLAT ? lists(question, index, width) : graph(question, index, width);
        boolean tooFew = question.k >= question.passing || choice.effort >= question.passing;
        return tooFew ? null : choice;
    }

    private static Choice graph(Question question, Candidate index, double width) {
        int chosen = raised(index.effort() > 0 ? index.effort() : beam(question.k), index.raise());
        int beam = Math.max(question.k, question.wishes.effort() == null ? chosen : question.wishes.effort());
        double micros = GRAPH_FIXED
                + beam * GRAPH_CANDIDATE * Math.log10(Math.max(10, question.rows)) * width
                + beside(question, index, width);
        return index.declared()
                ? new Choice(Plan.HNSW, beam, micros, "There is an hnsw index and most rows pass")
                : new Choice(Plan.GRAPH, beam, micros, "The table is large and most rows pass");
    }

    private static Choice lists(Question question, Candidate index, double width) {
        double share = Math.max(INDEX_MIN_SHARE, question.passing / (double) Math.max(1, question.rows));
        double usual = index.effort() > 0 ? index.effort() : probes(index.lists()) / share;
        int chosen = raised(usual, index.raise());
        int probes = Math.min(index.lists(), question.wishes.effort() == null ? chosen : question.wishes.effort());
        double visited = question.passing * probes / (double) Math.max(1, index.lists());
        double micros = (index.lists() * LIST_CENTRE + visited * LIST_ROW) * width + beside(question, index, width);
        return new Choice(Plan.IVFFLAT, probes, micros, "There is an ivfflat index and most rows pass");
    }

    private static int raised(double effort, double raise) {
        return (int) Math.ceil(Math.min(effort * raise, 1e6));
    }

    /**
     * How many of the best estimates hold the best k rows: the estimates' error grows as dimensions get fewer, and more
     * rows crowd the border.
     */
    static int candidates(long rows, int k, int dimension) {
        double crowd = 1 + 0.35 * Math.max(0, Math.log10(Math.max(1, rows) / 10_000.0));
        double blur = Math.max(1, Math.sqrt(MEASURED_DIMENSION / dimension));
        return (int) Math.ceil((80 + 6.0 * k) * crowd * blur);
    }

    /** How many candidates a graph search keeps. */
    static int beam(int k) {
        return Math.max(100, 2 * k);
    }

    /** How many of so many lists are searched. */
    static double probes(int lists) {
        return Math.ceil(PROBES * Math.sqrt(Math.sqrt(lists)));
    }
}
