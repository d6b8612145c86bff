package com.akidb.table.sql;

import com.akidb.engine.Column;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.query.SelectQuery;
import com.akidb.table.ColumnEmbedder;
import com.akidb.table.ColumnEmbedder.ColumnModel;
import com.akidb.table.ColumnEmbedder.Terms;
import com.akidb.table.TableSchema;
import com.akidb.vector.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The vectors that a query compares with: those that it brought, and those of its texts, which are embedded. */
final class ProbeVectors {

    private final ColumnEmbedder embedder;

    ProbeVectors(ColumnEmbedder embedder) {
        this.embedder = embedder;
    }

    /**
     * Refuses what cannot be compared with its column.
     *
     * @param tables those that the query names
     */
    void check(List<SelectQuery.Probe> probes, Map<UUID, TableSchema> tables) {
        for (SelectQuery.Probe probe : probes) {
            Column column = column(probe, tables);
            switch (probe.value()) {
                case float[] vector -> Vectors.requireDimension(vector.length, column.dimension(), probe.field());
                case String _ -> model(probe, tables);
                case null, default ->
                    throw new InvalidInputException(
                            ErrorCode.WRONG_TYPE,
                            probe.field() + " must be a text or a vector to compare with",
                            probe.field());
            }
        }
    }

    /** The vectors of probes that were checked; blocks. */
    List<float[]> of(List<SelectQuery.Probe> probes, Map<UUID, TableSchema> tables, Terms terms) {
        List<float[]> vectors = new ArrayList<>();
        for (SelectQuery.Probe probe : probes) {
            vectors.add(
                    probe.value() instanceof String text
                            ? embedder.query(model(probe, tables), text, null, terms, probe.field())
                                    .join()
                                    .vector()
                            : (float[]) Objects.requireNonNull(probe.value()));
        }
        return vectors;
    }

    private static TableSchema table(SelectQuery.Probe probe, Map<UUID, TableSchema> tables) {
        return Objects.requireNonNull(tables.get(probe.table().table()));
    }

    private static Column column(SelectQuery.Probe probe, Map<UUID, TableSchema> tables) {
        return table(probe, tables).column(probe.column(), probe.field());
    }

    private static ColumnModel model(SelectQuery.Probe probe, Map<UUID, TableSchema> tables) {
        ColumnModel model = ColumnModel.of(table(probe, tables), column(probe, tables));
        if (model == null) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    probe.field() + " must be a vector, since column '" + probe.column()
                            + "' has no model that would embed a text",
                    probe.field());
        }
        return model;
    }
}
