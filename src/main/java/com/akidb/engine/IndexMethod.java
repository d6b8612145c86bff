package com.akidb.engine;

/** How an index finds rows. */
public enum IndexMethod {
    /** A graph of near neighbours over a VECTOR column. Parameters {@code m}, {@code ef_construction}, {@code ef}. */
    HNSW,
    /** Lists around the centres of clusters over a VECTOR column. Parameters {@code lists}, {@code probes}. */
    IVFFLAT,
    /** An ordered tree over scalar columns. */
    BTREE,
    /** An inverted index over STRING columns, for {@link TextSearch}. */
    TEXT;

    /** Whether it is over one VECTOR column. */
    public boolean isVector() {
        return this == HNSW || this == IVFFLAT;
    }

    /** Whether it indexes columns of that type. */
    public boolean suits(ColumnType type) {
        return switch (this) {
            case HNSW, IVFFLAT -> type == ColumnType.VECTOR;
            case BTREE -> type != ColumnType.VECTOR && type != ColumnType.JSON;
            case TEXT -> type == ColumnType.STRING;
        };
    }
}
