package com.akidb.engine.embedded.index;

import java.util.Locale;

/**
 * Chooses how to search by what each way costs. The constants are microseconds on one core of an AVX-512 server and
 * matter only in proportion; {@code docs/search.md} tells how they were measured.
 */
final class Planner {

    /** Ways to search. */
    enum Plan {
        EXACT,
        QUANTIZED,
        GRAPH;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A choice.
     *
     * @param candidates how many rows are re-scored in full precision
     * @param micros what it should cost
     * @param reason in a sentence
     */
    record Choice(Plan plan, int candidates, double micros, String reason) {

        /** The same search done exactly after all. */
        Choice exactly() {
            return plan == Plan.EXACT
                    ? this
                    : new Choice(Plan.EXACT, 0, micros, "The planned way could not answer, so all rows were compared");
        }
    }

    /** What is asked: rows and passing rows of the index, results wanted, what is built. */
    record Question(long rows, long passing, int k, int dimension, boolean codes, boolean graph) {}

    /** Dimension at which the constants were measured. */
    private static final double MEASURED_DIMENSION = 384;

    private static final double EXACT_ROW = 0.045;
    private static final double CODE_ROW = 0.0025;
    private static final double CODE_FIXED = 25;
    private static final double CANDIDATE = 0.16;
    private static final double GRAPH_FIXED = 120;
    private static final double GRAPH_CANDIDATE = 2.2;

    /** Fewer vectors than this share of the rows pass: the graph would wander among those that do not. */
    private static final double GRAPH_MIN_SHARE = 0.5;

    private Planner() {}

    static Choice choose(Question question) {
        double width = question.dimension / MEASURED_DIMENSION;
        double exact = question.passing * EXACT_ROW * width;
        int candidates = candidates(question.rows, question.k, question.dimension);
        int beam = beam(question.k);
        if (question.graph && beam < question.passing && question.passing >= question.rows * GRAPH_MIN_SHARE) {
            double graph = GRAPH_FIXED + beam * GRAPH_CANDIDATE * Math.log10(question.rows) * width;
            return new Choice(Plan.GRAPH, beam, graph, "The table is large and most rows pass");
        }
        if (!question.codes || candidates >= question.passing) {
            String reason = question.codes ? "Few rows pass" : "There are no quantised codes yet, or too few rows";
            return new Choice(Plan.EXACT, 0, exact, reason);
        }
        double quantized = CODE_FIXED + question.rows * CODE_ROW * width + candidates * CANDIDATE * Math.max(1, width);
        if (exact <= quantized) {
            return new Choice(Plan.EXACT, 0, exact, "Comparing all rows that pass is cheapest");
        }
        return new Choice(Plan.QUANTIZED, candidates, quantized, "Scanning the quantised codes is cheapest");
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
}
