package com.akidb.embedding;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.onnx.OnnxBackendFactory;
import com.akidb.embedding.onnx.OnnxProperties;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnavailableException;
import com.akidb.model.FreeMemory;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelLoader;
import com.akidb.model.ModelRegistry;
import com.akidb.model.ModelSpec;
import com.akidb.model.ModelVariants;
import com.akidb.model.ModelVariants.Precision;
import com.akidb.model.ModelVariants.Variant;
import com.akidb.vector.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tries each variant, when it is made, with texts whose vectors the server's own model has made, and offers those that come near. */
final class TriedClientModels implements ClientModels {

    /** A variant whose vectors are further from the server's than this is not offered. */
    static final double LEAST_COSINE = 0.999;

    private static final String KIND = "onnx";

    /** What a variant is tried with: several lengths, languages and alphabets, code, and nothing at all. */
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "high water",
            "The river rose two metres overnight, and the bridge was closed at dawn.",
            "How do I organise React components in a large project?",
            "public static void main(String[] args) { System.out.println(\"42\"); }",
            "SELECT title, quality_score FROM code_layouts WHERE quality_score >= 8 ORDER BY title LIMIT 20",
            "Die Straße über den Paß ist im Winter gesperrt.",
            "Où se trouve la bibliothèque la plus proche ?",
            "Зимой дорога через перевал закрыта.",
            "地図で谷を探す",
            "机器学习模型的向量检索",
            "⚠️ 3.14159 + 2.71828 = 5.85987 🙂",
            "https://example.com/a/very/long/path?with=parameters&and=values#fragment",
            "An embedding is a vector that stands for the meaning of a text: texts that mean nearly the same have vectors that point in "
                    + "nearly the same direction, whichever words they use. A search by meaning embeds the question and looks for the nearest "
                    + "vectors, exactly by comparing it with all of them, or approximately with the help of an index over a graph of neighbours.");

    private final EmbeddingManager manager;
    private final ModelRegistry registry;
    private final ModelLoader loader;
    private final ModelVariants variants;

    TriedClientModels(EmbeddingManager manager, ModelRegistry registry, ModelLoader loader, ModelVariants variants) {
        this.manager = manager;
        this.registry = registry;
        this.loader = loader;
        this.variants = variants;
    }

    @Override
    public ClientModel model(String model) {
        ModelSpec spec = spec(model);
        ModelFiles files = loader.load(spec);
        List<Variant> near = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            Variant variant = variant(spec, files, precision);
            if (variant.lowestCosine() >= LEAST_COSINE) {
                near.add(variant);
            }
        }
        return new ClientModel(spec, manager.fingerprint(spec.id()).join(), tokenizer(files), List.copyOf(near));
    }

    @Override
    public Variant variant(String model, Precision precision) {
        ModelSpec spec = spec(model);
        Variant variant = variant(spec, loader.load(spec), precision);
        if (variant.lowestCosine() < LEAST_COSINE) {
            throw new NotFoundException("Model '" + spec.id() + "' is not offered as " + precision.wireName()
                    + ", whose vectors would differ too much");
        }
        return variant;
    }

    @Override
    public Tokenizer tokenizer(String model) {
        return tokenizer(loader.load(spec(model)));
    }

    private static Tokenizer tokenizer(ModelFiles files) {
        try {
            String tag = files.fingerprint().substring(0, 32) + "-tokenizer";
            return new Tokenizer(files.tokenizer(), Files.size(files.tokenizer()), tag);
        } catch (IOException e) {
            throw new UnavailableException("The tokenizer cannot be read", e);
        }
    }

    private ModelSpec spec(String model) {
        ModelSpec spec = registry.resolve(model);
        if (!spec.backend().equals(KIND)) {
            throw new NotFoundException("Model '" + spec.id() + "' is not one that clients can run");
        }
        return spec;
    }

    private Variant variant(ModelSpec spec, ModelFiles files, Precision precision) {
        return variants.get(files, precision, graph -> lowestCosine(spec, files, graph));
    }

    private double lowestCosine(ModelSpec spec, ModelFiles files, Path graph) {
        List<float[]> expected = vectors(spec);
        new FreeMemory().require(spec.id(), files.weightBytes());
        ModelFiles other = new ModelFiles(graph, files.tokenizer(), files.fingerprint(), files.weightBytes());
        OnnxBackendFactory backends = new OnnxBackendFactory(new OnnxProperties(1, 1, spec.maxTokens(), 0));
        double lowest = 1;
        try (TokenBackend backend = backends.open(spec, other);
                TextTokenizer tokenizer = TextTokenizer.open(files.tokenizer(), spec.id(), spec.maxTokens())) {
            for (int i = 0; i < TEXTS.size(); i++) {
                int[] tokens = tokenizer.tokenize(TEXTS.get(i)).ids();
                float[][] vector = backend.encode(new TokenBatch(List.of(tokens), spec.pooling()));
                lowest = Math.min(lowest, cosine(expected.get(i), vector[0]));
            }
        }
        return lowest;
    }

    private List<float[]> vectors(ModelSpec spec) {
        EmbeddingRequest request = new EmbeddingRequest(
                TEXTS,
                spec.id(),
                null,
                true,
                null,
                InputType.NONE,
                true,
                false,
                EmbeddingRequest.DEFAULT_TIMEOUT,
                Account.SERVER);
        return manager.embed(request).join().vectors();
    }

    /** In double precision, rounded down to six digits; -1 if a number is not finite. */
    static double cosine(float[] one, float[] other) {
        double dot = 0;
        for (int i = 0; i < one.length; i++) {
            dot += (double) one[i] * other[i];
        }
        double cosine = dot / (Vectors.norm(one) * Vectors.norm(other));
        return Double.isFinite(cosine) ? Math.floor(cosine * 1e6 + 1e-3) / 1e6 : -1;
    }
}
