package com.akidb.table;

/**
 * An embedding column to be computed from another.
 *
 * @param name of the new column, or of the one that is adopted
 * @param source a column of type STRING
 * @param model id or alias
 * @param autoUpdate whether a change of the source makes the vector anew; otherwise only new rows and a refresh do
 * @param cache whether its vectors go through the embedding cache
 * @param adopt whether {@code name} is an embedding column that is there and whose vectors the model made: they stay
 */
public record NewComputedColumn(
        String name, String source, String model, boolean autoUpdate, boolean cache, boolean adopt) {

    /** A column that is not there yet. */
    public NewComputedColumn(String name, String source, String model, boolean autoUpdate, boolean cache) {
        this(name, source, model, autoUpdate, cache, false);
    }
}
