package com.akidb.engine;

/** How an index finds rows. */
public enum IndexMethod {
    /** A graph of near neighbours over a VECTOR column. Parameters {@code m}, {@code ef_construction}. */
    HNSW,
    /** Lists around the centres of clusters over a VECTOR column. Parameter {@code lists}. */
    IVFFLAT,
    /** An ordered tree over scalar columns. */
    BTREE,
    /** An inverted index over STRING columns, for {@link TextSearch}. */
    TEXT;

    /** Whether it is over one VECTOR column. */
    public boolean isVector() {
        return this == HNSW || this == IVFFLAT;
    }
}
