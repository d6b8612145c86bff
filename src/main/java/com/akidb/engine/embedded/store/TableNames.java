package com.akidb.engine.embedded.store;

/**
 * What SQLite calls the parts of a table. All are numbers, so that what users call them never becomes SQL. A column's
 * number is its position in the definition, from 1.
 *
 * @param number of the table, never used again
 */
record TableNames(long number) {

    String rows() {
        return "rows_" + number;
    }

    /** The deletions of rows. */
    String changes() {
        return "changes_" + number;
    }

    /** The vectors of the column at a position. */
    String vectors(int position) {
        return "vectors_" + number + "_" + (position + 1);
    }

    static String column(int position) {
        return "c" + (position + 1);
    }
}
