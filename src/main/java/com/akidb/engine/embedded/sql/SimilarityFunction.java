package com.akidb.engine.embedded.sql;

import com.akidb.vector.Metric;
import com.akidb.vector.VectorCodec;
import java.sql.SQLException;
import java.util.Arrays;
import org.sqlite.Function;

/** {@code akidb_similarity(vector, vector, metric)}: the score in full precision; null if one of the vectors is null. */
final class SimilarityFunction extends Function {

    static final String NAME = "akidb_similarity";

    private byte[] queryBytes = {};
    private float[] query = {};

    @Override
    protected void xFunc() throws SQLException {
        byte[] stored = value_blob(0);
        byte[] wanted = value_blob(1);
        if (stored == null || wanted == null) {
            result();
            return;
        }
        if (!Arrays.equals(wanted, queryBytes)) {
            query = VectorCodec.decode(wanted);
            queryBytes = wanted;
        }
        result((double) Metric.valueOf(value_text(2)).score(query, VectorCodec.decode(stored)));
    }
}
