package com.akidb.engine;

/** What an engine may or may not be able to do. What it cannot do it refuses with an InvalidInputException. */
public enum Capability {
    /** Columns other than the primary key may be {@link Column#unique}. */
    UNIQUE_COLUMNS,
    /** Writes may select rows by {@link RowSelection.Where}. */
    CONDITIONAL_WRITES,
    /** Several tables may be changed in one commit. */
    SEVERAL_TABLES,
    /** {@link RowQuery#order} may name columns. */
    ORDER,
    /** {@link TableReader#groups}. */
    GROUPS,
    /** {@link TableReader#searchText} and indexes of method TEXT. */
    TEXT_SEARCH,
    /** {@link RowQuery#computed}. */
    ROW_EXPRESSIONS,
    /** {@link TableEngine#select}. */
    SELECTS,
    /** {@link TableReader#changes} tells them one by one; without it the answer is always to start anew. */
    CHANGES
}
