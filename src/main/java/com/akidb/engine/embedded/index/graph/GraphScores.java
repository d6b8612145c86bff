package com.akidb.engine.embedded.index.graph;

import com.akidb.engine.embedded.index.vectors.MetricScores;
import com.akidb.engine.embedded.index.vectors.Sphere;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;

/** Gives JVector the scores of stored vectors, without copying those into its own form. */
final class GraphScores implements BuildScoreProvider {

    private static final double LARGEST = 1e30;

    private final MetricScores scores;
    private final Sphere sphere;

    GraphScores(Sphere sphere) {
        this.scores = sphere.scores();
        this.sphere = sphere;
    }

    /** Scores against a prepared query. */
    SearchScoreProvider against(float[] query) {
        return against(query, 0, sphere.scale(query));
    }

    /**
     * JVector wants scores from 0 on, as its own cosine is; under the inner product it is the cosine on the sphere.
     *
     * @param coordinate the query's further one
     * @param scale brings the query to the sphere
     */
    private SearchScoreProvider against(float[] query, float coordinate, float scale) {
        double square = (double) sphere.radius() * sphere.radius();
        ScoreFunction.ExactScoreFunction exact = switch (scores.metric()) {
            case COSINE -> ordinal -> (1 + scores.score(query, ordinal)) / 2;
            case EUCLIDEAN -> ordinal -> scores.score(query, ordinal);
            case INNER_PRODUCT ->
                ordinal -> {
                    double product = (double) scale * scores.score(query, ordinal)
                            + (double) coordinate * sphere.coordinate(ordinal);
                    return (float) Math.clamp((1 + product / square) / 2, 0, LARGEST);
                };
        };
        return new DefaultSearchScoreProvider(exact);
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
        return against(vector, sphere.coordinate(ordinal), 1);
    }

    @Override
    public SearchScoreProvider diversityProviderFor(int ordinal) {
        return searchProviderFor(ordinal);
    }
}
