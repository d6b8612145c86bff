package com.akidb.engine.embedded.index;

import com.akidb.engine.IndexDefinition;
import com.akidb.engine.IndexMethod;
import com.akidb.vector.Metric;
import org.jspecify.annotations.Nullable;

/** An index over a vector column: what it should be, and how far it has come. The same one in all views that have it. */
final class IndexState {

    private final Metric metric;
    private final RecallControl recall = new RecallControl();
    private volatile @Nullable IndexDefinition definition;
    private volatile boolean dropped;
    private volatile int percent;
    private volatile @Nullable String error;
    private volatile boolean rebuildWanted;

    private IndexState(@Nullable IndexDefinition definition, Metric metric) {
        this.definition = definition;
        this.metric = metric;
    }

    /** The one that a column has by itself. */
    static IndexState automatic(Metric metric) {
        return new IndexState(null, metric);
    }

    /**
     * One that was asked for.
     *
     * @param columnMetric its metric if the definition names none
     */
    static IndexState declared(IndexDefinition definition, Metric columnMetric) {
        Metric metric = definition.metric();
        return new IndexState(definition, metric == null ? columnMetric : metric);
    }

    /** Null if the column has it by itself. */
    @Nullable
    IndexDefinition definition() {
        return definition;
    }

    /** Whether another one would be built in the same way; the column's name does not matter. */
    boolean isBuiltLike(IndexState other) {
        IndexDefinition mine = definition;
        IndexDefinition others = other.definition;
        return mine != null
                && others != null
                && mine.name().equals(others.name())
                && mine.method() == others.method()
                && mine.parameters().equals(others.parameters())
                && metric == other.metric;
    }

    /** Goes on under a definition that is built in the same way. */
    void redefine(@Nullable IndexDefinition newDefinition) {
        definition = newDefinition;
    }

    boolean isDeclared() {
        return definition != null;
    }

    /** Empty if the column has it by itself. */
    String name() {
        IndexDefinition declared = definition;
        return declared == null ? "" : declared.name();
    }

    IndexMethod method() {
        IndexDefinition declared = definition;
        return declared == null ? IndexMethod.HNSW : declared.method();
    }

    Metric metric() {
        return metric;
    }

    /** What its searches find; of a column's own index those over codes, too. */
    RecallControl recall() {
        return recall;
    }

    /** A parameter of the definition, or what stands for it. */
    int parameter(String name, int otherwise) {
        IndexDefinition declared = definition;
        return declared == null ? otherwise : declared.parameters().getOrDefault(name, otherwise);
    }

    /** Effort of searches that say none, as the definition has it; 0 if it leaves that to the planner. */
    int usualEffort() {
        return method() == IndexMethod.IVFFLAT ? parameter("probes", 0) : parameter("ef", 0);
    }

    /** Whether no newer view has it; then its build may end. */
    boolean isDropped() {
        return dropped;
    }

    void drop() {
        dropped = true;
    }

    /** How much of it is built, 0 to 100. */
    int percent() {
        return percent;
    }

    void progress(int newPercent) {
        percent = newPercent;
    }

    /** Why its last build failed; null if it did not. It is tried again only on request. */
    @Nullable
    String error() {
        return error;
    }

    void failed(String why) {
        error = why;
        rebuildWanted = false;
    }

    /** Whether it shall be built anew though it is there. */
    boolean isRebuildWanted() {
        return rebuildWanted;
    }

    void wantRebuild() {
        error = null;
        percent = 0;
        rebuildWanted = true;
    }

    void built() {
        rebuildWanted = false;
        percent = 100;
    }
}
