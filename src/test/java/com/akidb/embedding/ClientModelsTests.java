package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.akidb.account.Account;
import com.akidb.embedding.ClientModels.ClientModel;
import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.embedding.EmbeddingRequest.InputType;
import com.akidb.embedding.onnx.OnnxBackendFactory;
import com.akidb.embedding.onnx.OnnxProperties;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import com.akidb.model.ModelVariants;
import com.akidb.model.ModelVariants.Precision;
import com.akidb.model.ModelVariants.Variant;
import com.akidb.model.variants.CachedModelVariants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientModelsTests {

    private static final String MODEL = "all-minilm-l6-v2";

    @TempDir
    static Path cache;

    private static final ModelSpec SPEC = RealModel.registry().resolve(MODEL);
    private static LocalEmbeddingManager manager;
    private static ClientModels models;

    @BeforeAll
    static void open() {
        manager = RealModel.manager();
        models = new TriedClientModels(
                manager, RealModel.registry(), RealModel.loader(), new CachedModelVariants(cache));
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @Test
    void offersTheModelInThreeSizes() throws IOException {
        ClientModel model = models.model("sentence-transformers/all-MiniLM-L6-v2");

        assertThat(model.spec().id()).isEqualTo(MODEL);
        assertThat(model.fingerprint())
                .isEqualTo(manager.knownFingerprint(MODEL).orElseThrow());
        assertThat(model.variants())
                .extracting(Variant::precision)
                .containsExactly(Precision.FP32, Precision.FP16, Precision.INT8);
        assertThat(model.variants()).extracting(Variant::bytes).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(model.variants()).extracting(Variant::tag).doesNotHaveDuplicates();
        for (Variant variant : model.variants()) {
            assertThat(variant.file()).hasSize(variant.bytes());
            assertThat(variant.lowestCosine()).isBetween(0.999, 1.0);
        }
        assertThat(Files.size(model.tokenizer().file()))
                .isEqualTo(model.tokenizer().bytes());
    }

    @ParameterizedTest
    @CsvSource({"FP32, 0.999999", "FP16, 0.9999", "INT8, 0.999"})
    void makesVectorsOfRealTextsThatAreNearTheServers(Precision precision, double least) throws IOException {
        List<String> texts = realTexts();
        EmbeddingRequest request = new EmbeddingRequest(
                texts, MODEL, null, true, null, InputType.NONE, true, false, Duration.ofMinutes(10), Account.SERVER);
        List<float[]> expected = manager.embed(request).join().vectors();
        Variant variant = models.variant(MODEL, precision);
        ModelFiles files = RealModel.loader().load(SPEC);
        ModelFiles its = new ModelFiles(variant.file(), files.tokenizer(), files.fingerprint(), files.weightBytes());

        double lowest = 1;
        try (TokenBackend backend = new OnnxBackendFactory(new OnnxProperties(1, 1, 256, 0)).open(SPEC, its);
                TextTokenizer tokenizer = TextTokenizer.open(files.tokenizer(), MODEL, SPEC.maxTokens())) {
            for (int i = 0; i < texts.size(); i++) {
                int[] tokens = tokenizer.tokenize(texts.get(i)).ids();
                float[][] vector = backend.encode(new TokenBatch(List.of(tokens), SPEC.pooling()));
                lowest = Math.min(lowest, TriedClientModels.cosine(expected.get(i), vector[0]));
            }
        }

        assertThat(lowest).isGreaterThanOrEqualTo(least);
    }

    /** Every eighth paragraph of the documentation: prose, tables, commands and code. */
    private static List<String> realTexts() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                String[] paragraphs = Files.readString(file).split("\n\n+");
                for (int i = 0; i < paragraphs.length; i += 8) {
                    texts.add(paragraphs[i]);
                }
            }
        }
        assertThat(texts).hasSizeGreaterThan(100);
        return texts.subList(0, 100);
    }

    @Test
    void doesNotOfferWhatComesOutTooFarAway() {
        ModelVariants far = (files, precision, likeness) ->
                new Variant(precision, files.model(), 1, "", precision == Precision.INT8 ? 0.9989 : 1, "tag");
        ClientModels others = new TriedClientModels(manager, RealModel.registry(), RealModel.loader(), far);

        assertThat(others.model(MODEL).variants())
                .extracting(Variant::precision)
                .containsExactly(Precision.FP32, Precision.FP16);
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> others.variant(MODEL, Precision.INT8))
                .withMessageContaining("not offered as int8");
    }

    @Test
    void refusesModelsThatClientsCannotRun() {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> models.model("qwen3-0.6b-4bit"))
                .withMessageContaining("is not one that clients can run");
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> models.model("nowhere"));
    }
}
