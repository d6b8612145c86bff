package com.akidb.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A select that was read, and what its vectors are compared with.
 *
 * @param probes by the numbers that {@link Expression.Similarity} has
 */
public record SelectQuery(Select select, List<Probe> probes) {

    public SelectQuery {
        probes = List.copyOf(probes);
    }

    /**
     * What vectors of a column are compared with.
     *
     * @param value a String that its model embeds, or a {@code float[]}; anything else is for the reader's caller to refuse
     * @param field the request field to blame
     */
    public record Probe(
            NamedRows table, String column, @Nullable Object value, String field) {}
}
