package com.akidb.engine.embedded.index.graph;

import com.akidb.engine.embedded.index.vectors.MetricScores;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;

/** Gives JVector the scores of stored vectors, without copying those into its own form. */
final class GraphScores implements BuildScoreProvider {

    private final MetricScores scores;

    GraphScores(MetricScores scores) {
        this.scores = scores;
    }

    /** Scores against a prepared query. */
    SearchScoreProvider against(float[] query) {
        ScoreFunction.ExactScoreFunction exact = ordinal -> positive(scores.score(query, ordinal));
        return new DefaultSearchScoreProvider(exact);
    }

    /** JVector wants scores from 0 on, as its own cosine is. */
    private float positive(float score) {
        return switch (scores.metric()) {
            case COSINE -> (1 + score) / 2;
            case EUCLIDEAN, INNER_PRODUCT -> score;
        };
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public VectorFloat<?> approximateCentroid() {
        return VectorizationProvider.getInstance().getVectorTypeSupport().createFloatVector(scores.dimension());
    }

    @Override
    public SearchScoreProvider searchProviderFor(VectorFloat<?> vector) {
        float[] query = new float[scores.dimension()];
        for (int i = 0; i < query.length; i++) {
            query[i] = vector.get(i);
        }
        return against(query);
    }

    @Override
    public SearchScoreProvider searchProviderFor(int ordinal) {
        float[] vector = new float[scores.dimension()];
        scores.read(ordinal, vector);
        return against(vector);
    }

    @Override
    public SearchScoreProvider diversityProviderFor(int ordinal) {
        return searchProviderFor(ordinal);
    }
}
