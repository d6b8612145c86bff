package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend.TextBackend;
import com.akidb.embedding.EmbeddingBackend.TextBatch;
import com.akidb.embedding.EmbeddingBackend.TextVectors;
import com.akidb.embedding.mlx.PythonModel.PythonCall;
import com.akidb.model.ModelSpec;
import java.util.List;
import org.graalvm.polyglot.proxy.ProxyArray;

/** A user's own package, which takes texts. */
final class MlxTextBackend extends PooledBackend implements TextBackend {

    MlxTextBackend(WorkerPool pool, ModelSpec spec, MlxProperties settings, Runnable closed) {
        super(pool, spec, settings, closed);
    }

    @Override
    public void warmUp() {
        tryWith(embed(List.of("warm")));
    }

    @Override
    public TextVectors encode(TextBatch batch) {
        return TextVectors.estimating(
                batch, vectors(embed(batch.texts()), batch.texts().size()));
    }

    private static PythonCall embed(List<String> texts) {
        ProxyArray array = ProxyArray.fromArray(texts.toArray());
        return service -> service.invokeMember("embed", array);
    }

    /** The package pads by itself, so texts of any length may go together. */
    @Override
    public BatchPolicy batchPolicy() {
        return new BatchPolicy(Integer.MAX_VALUE, mostTokens(), mostTokens());
    }
}
