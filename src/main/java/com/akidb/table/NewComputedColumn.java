package com.akidb.table;

/**
 * An embedding column to be computed from another.
 *
 * @param name of the new column
 * @param source a column of type STRING
 * @param model id or alias
 * @param autoUpdate whether a change of the source makes the vector anew; otherwise only new rows and a refresh do
 * @param cache whether its vectors go through the embedding cache
 */
public record NewComputedColumn(String name, String source, String model, boolean autoUpdate, boolean cache) {}
