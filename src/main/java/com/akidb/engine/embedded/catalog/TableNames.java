package com.akidb.engine.embedded.catalog;

/**
 * What SQLite calls the parts of a table. All are numbers, so that what users call them never becomes SQL.
 *
 * @param number of the table, never used again
 */
public record TableNames(long number) {

    public String rows() {
        return "rows_" + number;
    }

    /** The log of rows that were deleted or changed. */
    public String changes() {
        return "changes_" + number;
    }

    /** The vectors of the column of that number. */
    public String vectors(int column) {
        return "vectors_" + number + "_" + column;
    }

    /** The cells of the vector column of that number that wait or failed. */
    public String cells(int column) {
        return "cells_" + number + "_" + column;
    }

    /** The unique index over the primary key. */
    public String key() {
        return rows() + "_key";
    }

    /** The index that keeps the values of a column unique. */
    public String unique(int column) {
        return "unique_" + number + "_" + column;
    }

    /** The ordered tree of the index of that number. */
    public String tree(int index) {
        return "index_" + number + "_" + index;
    }

    /** The inverted index of that number. */
    public String text(int index) {
        return "text_" + number + "_" + index;
    }

    public static String column(int column) {
        return "c" + column;
    }
}
