package com.akidb.collection;

import com.akidb.collection.CollectionService.Collection;
import com.akidb.collection.CollectionService.Document;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Row;
import com.akidb.engine.Table;
import com.akidb.engine.TableDefinition;
import com.akidb.query.FieldPath;
import com.akidb.table.ColumnEmbedder.ColumnModel;
import com.akidb.table.ColumnFacts;
import com.akidb.table.Projection.Selected;
import com.akidb.table.Projection.TableRow;
import com.akidb.vector.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a collection lies in the engine: a table of four columns whose properties say that it is a collection. */
final class CollectionTable {

    static final String ID = "id";
    static final String TEXT = "text";
    static final String METADATA = "metadata";
    static final String VECTOR = "vector";

    private static final List<Selected> WITHOUT_VECTOR =
            List.of(field(ID, ColumnType.STRING), field(TEXT, ColumnType.STRING), field(METADATA, ColumnType.JSON));
    private static final List<Selected> WITH_VECTOR = with(WITHOUT_VECTOR, field(VECTOR, ColumnType.VECTOR));

    private CollectionTable() {}

    private static Selected field(String name, ColumnType type) {
        return new Selected.Field(name, FieldPath.column(name), type);
    }

    private static List<Selected> with(List<Selected> some, Selected other) {
        List<Selected> all = new ArrayList<>(some);
        all.add(other);
        return List.copyOf(all);
    }

    static TableDefinition definition(String name, int dimension, Metric metric, String model) {
        return new TableDefinition(
                name,
                List.of(
                        Column.of(ID, ColumnType.STRING, true),
                        Column.of(TEXT, ColumnType.STRING, true),
                        Column.of(METADATA, ColumnType.JSON, false),
                        Column.vector(VECTOR, dimension, metric)),
                ID,
                Map.of(ColumnFacts.KIND, ColumnFacts.COLLECTION, ColumnFacts.COLLECTION_MODEL, model));
    }

    static Collection collection(Table table) {
        Column vector = table.definition().columns().get(3);
        return new Collection(
                table.id(),
                table.definition().name(),
                vector.dimension(),
                Objects.requireNonNull(vector.metric()),
                Objects.requireNonNull(table.definition().properties().get(ColumnFacts.COLLECTION_MODEL)),
                table.rowCount(),
                table.createdAt());
    }

    /** What embeds the documents of a collection. */
    static ColumnModel model(Collection collection) {
        return new ColumnModel(collection.model(), collection.dimension());
    }

    /** What a page of documents selects. */
    static List<Selected> select(boolean vectors) {
        return vectors ? WITH_VECTOR : WITHOUT_VECTOR;
    }

    static List<@Nullable Object> values(String id, String text, @Nullable String metadata, float[] vector) {
        return Arrays.asList(id, text, metadata, vector);
    }

    static Document document(Row row, boolean withMetadata) {
        List<@Nullable Object> values = row.values();
        return new Document(
                (String) Objects.requireNonNull(values.get(0)),
                (String) Objects.requireNonNull(values.get(1)),
                withMetadata ? (String) values.get(2) : null,
                (float[]) values.get(3));
    }

    /** A row of {@link #select}. */
    static Document document(TableRow row) {
        List<@Nullable Object> values = row.values();
        return new Document(
                (String) Objects.requireNonNull(values.get(0)),
                (String) Objects.requireNonNull(values.get(1)),
                (String) values.get(2),
                values.size() > 3 ? (float[]) values.get(3) : null);
    }
}
