package com.akidb.model.loading;

import static com.akidb.model.hub.FakeHub.COMMIT;
import static com.akidb.model.hub.FakeHub.REPOSITORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.files.SafetensorsBytes;
import com.akidb.model.hub.FakeHub;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models for MLX: a directory of configuration, tokenizer and safetensors, from the hub or from this disk. */
class MlxModelTests extends LoadingFixture {

    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final ModelSource.Hub SOURCE = new ModelSource.Hub(REPOSITORY, "main", WEIGHTS, "tokenizer.json");
    private static final byte[] SPLIT =
            text("{\"weight_map\": {\"a\": \"part-1.safetensors\", \"b\": \"part-2.safetensors\"}}");
    private static final byte[] MODULES =
            text("[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"\"},"
                    + " {\"type\": \"sentence_transformers.models.Dense\", \"path\": \"2_Dense\"},"
                    + " {\"type\": \"sentence_transformers.models.Dense\", \"path\": \"3_Dense\"}]");

    @BeforeEach
    void offerAModel() {
        hub.with("config.json", text("{\"model_type\": \"qwen3\"}"))
                .with("tokenizer.json", text("{}"))
                .with(WEIGHTS, SafetensorsBytes.of(3000, "a", "b"));
    }

    @Test
    void saysWhereAModelWithoutASourceShouldComeFrom() {
        ModelSpec spec = spec(new ModelSource.OwnPackage(WEIGHTS, "tokenizer.json"));

        assertThat(loader(true).isCached(spec)).isFalse();
        assertThat(catchThrowableOfType(
                        UnavailableException.class, () -> loader(true).load(spec)))
                .hasMessage("Model '" + spec.id()
                        + "' has no source, and akidb.mlx.python-path names no package that brings its weights");
    }

    @Test
    void downloadsAModelOnceAndFindsItAgainWithoutTheHub() {
        assertThat(loader(true).isCached(spec(SOURCE))).isFalse();

        ModelFiles files = loader(true).load(spec(SOURCE));
        int requests = hub.requests().size();

        assertThat(names(files.model())).containsExactly("commit", "config.json", WEIGHTS, "tokenizer.json");
        assertThat(files.weightBytes()).isEqualTo(SafetensorsBytes.of(3000, "a", "b").length);
        assertThat(files.tokenizer()).isEqualTo(files.model().resolve("tokenizer.json"));
        assertThat(loader(false).load(spec(SOURCE))).isEqualTo(files);
        assertThat(loader(false).isCached(spec(SOURCE))).isTrue();
        assertThat(hub.requests()).hasSize(requests);
    }

    @Test
    void fetchesTheShardsThatTheIndexNamesAndNoOtherWeights() {
        hub.with(INDEX, SPLIT)
                .with("part-1.safetensors", SafetensorsBytes.of(2000, "a"))
                .with("part-2.safetensors", SafetensorsBytes.of(2000, "b"));

        ModelFiles files = loader(true).load(spec(SOURCE));

        assertThat(names(files.model()))
                .containsExactly(
                        "commit", "config.json", INDEX, "part-1.safetensors", "part-2.safetensors", "tokenizer.json");
        assertThat(hub.requests().stream().skip(2).map(FakeHub.Request::path))
                .filteredOn(path -> path.contains("/resolve/"))
                .allMatch(path -> path.contains(COMMIT));
    }

    @Test
    void fetchesTheDenseLayersUnlessTheWeightsContainThem() {
        hub.with("modules.json", MODULES)
                .with("2_Dense/model.safetensors", SafetensorsBytes.of(1500, "linear.weight"))
                .with("3_Dense/model.safetensors", SafetensorsBytes.of(1500, "linear.weight"));

        ModelFiles apart = loader(true).load(spec(SOURCE));
        hub.with(WEIGHTS, SafetensorsBytes.of(3000, "a", "dense.0.weight"));
        ModelFiles inside =
                loader(hub.endpoint(), directory.resolve("other"), true).load(spec(SOURCE));

        assertThat(apart.model().resolve("2_Dense/model.safetensors")).exists();
        assertThat(apart.model().resolve("3_Dense/model.safetensors")).exists();
        assertThat(apart.weightBytes())
                .isEqualTo(SafetensorsBytes.of(3000, "a", "b").length
                        + 2L * SafetensorsBytes.of(1500, "linear.weight").length);
        assertThat(inside.model().resolve("2_Dense")).doesNotExist();
    }

    @Test
    void goesOnWhereADownloadWasCutAndRefusesWhatHasAnotherChecksum() {
        hub.failing(FakeHub.ignoringRange()).failing(FakeHub.ignoringRange()).failing(FakeHub.cutAfter(2500));
        ModelFiles files = loader(true).load(spec(SOURCE));

        assertThat(files.model().resolve(WEIGHTS)).hasBinaryContent(SafetensorsBytes.of(3000, "a", "b"));
        assertThat(hub.fetches()).extracting(FakeHub.Request::range).containsExactly("null", "bytes=2500-");

        for (int i = 0; i < 4; i++) {
            hub.failing(FakeHub.damaged());
        }
        assertThat(refusal(spec(SOURCE), directory.resolve("other")))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("does not have the checksum that the hub states");
    }

    @Test
    void goesOnWithADownloadThatEndedBetweenTwoFiles() throws IOException {
        hub.with(INDEX, SPLIT).with("part-1.safetensors", SafetensorsBytes.of(2000, "a"));
        assertThat(refusal(spec(SOURCE), cache()))
                .hasMessage("Repository " + REPOSITORY + " has no file part-2.safetensors at revision " + COMMIT);
        assertThat(loader(false).isCached(spec(SOURCE))).isFalse();

        hub.with("part-2.safetensors", SafetensorsBytes.of(2000, "b"));
        loader(true).load(spec(SOURCE));

        assertThat(hub.fetches()).extracting(FakeHub.Request::path).containsOnlyOnce("/part-1.safetensors");
    }

    @Test
    void saysWhatTheHubSays() {
        hub.gated("secret");
        assertThat(refusal(spec(SOURCE), cache()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("(status 401)")
                .hasMessageContaining("HF_TOKEN");
        ModelSource.Hub elsewhere = new ModelSource.Hub("owner/none", "main", WEIGHTS, "tokenizer.json");
        assertThat(refusal(spec(elsewhere), cache())).hasMessage("The hub has no repository owner/none");
    }

    @Test
    void saysThatTheHubIsNotThere() {
        hub.close();

        assertThat(refusal(spec(SOURCE), cache()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("The hub at 127.0.0.1 does not deliver");
    }

    @Test
    void saysThatTheModelIsNotCachedWhenDownloadsAreOff() {
        AkidbException refusal =
                catchThrowableOfType(AkidbException.class, () -> loader(false).load(spec(SOURCE)));

        assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_NOT_CACHED);
        assertThat(refusal).hasMessageStartingWith("Model 'mine' not cached");
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void letsOfTwoServersOneDownloadAndTheOtherUseIt() throws Exception {
        Process first = start("first");
        Process second = start("second");

        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("first")).content().matches("[0-9a-f]{64}");
        assertThat(directory.resolve("second")).hasContent(Files.readString(directory.resolve("first")));
        assertThat(hub.fetches()).hasSize(1);
    }

    @Test
    void saysWhichFileADirectoryLacks() throws IOException {
        assertThat(refusal(local(), cache())).hasMessage("Model 'mine' has no file config.json in its directory");
        write("config.json", text("{}"));
        assertThat(refusal(local(), cache())).hasMessage("Model 'mine' has no file tokenizer.json in its directory");
        write("tokenizer.json", text("{}"));
        assertThat(refusal(local(), cache())).hasMessage("Model 'mine' has no file model.safetensors in its directory");
        write(INDEX, SPLIT);
        assertThat(refusal(local(), cache()))
                .hasMessage("Model 'mine' has no file part-1.safetensors in its directory");
    }

    @Test
    void refusesWeightsThatAreCutShortOrNotWhatTheIndexSays() throws IOException {
        write("config.json", text("{}"));
        write("tokenizer.json", text("{}"));
        write(WEIGHTS, Arrays.copyOf(SafetensorsBytes.of(3000, "a"), 1000));
        assertThat(refusal(local(), cache()))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageStartingWith(
                        "Model 'mine' is damaged: model.safetensors is cut short: its tensors take 3000");

        write(INDEX, SPLIT);
        write("part-1.safetensors", SafetensorsBytes.of(10, "a"));
        write("part-2.safetensors", SafetensorsBytes.of(10, "c"));
        assertThat(refusal(local(), cache()))
                .isInstanceOf(CorruptDataException.class)
                .hasMessage("Model 'mine' is damaged: part-2.safetensors lacks b, which " + INDEX + " says is in it");

        write(INDEX, text("{\"weight_map\": {\"a\": \"../../secret.safetensors\"}}"));
        assertThat(refusal(local(), cache())).hasMessageContaining("names a file outside its folder");
        write(INDEX, text("{}"));
        assertThat(refusal(local(), cache())).hasMessageEndingWith("names no weights");
        write(INDEX, text("{"));
        assertThat(refusal(local(), cache())).hasMessageEndingWith(INDEX + " is not JSON");
        assertThat(loader(false).isCached(local())).isFalse();
    }

    @Test
    void refusesWeightsThatAreLargerThanTheMemoryBeforeReadingThem() throws IOException {
        write("config.json", text("{}"));
        write("tokenizer.json", text("{}"));
        long bytes = 4L << 40;
        byte[] header = SafetensorsBytes.header(bytes, "a");
        write(
                WEIGHTS,
                ByteBuffer.allocate(8 + header.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .array());
        // A hole takes no room on the disk.
        try (RandomAccessFile file =
                new RandomAccessFile(mine().resolve(WEIGHTS).toFile(), "rw")) {
            file.setLength(8 + header.length + bytes);
        }

        assertThat(refusal(local(), cache()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("Model 'mine' needs 4194432 MB of memory")
                .hasMessageEndingWith(" MB are free");
    }

    @Test
    void givesAnotherFingerprintWhenConfigurationWeightsOrTokenizerDiffer() throws IOException {
        write("config.json", text("{}"));
        write("tokenizer.json", text("{}"));
        write(WEIGHTS, SafetensorsBytes.of(10, "a"));
        String first = loader(false).load(local()).fingerprint();
        write("config.json", text("{ }"));
        String second = loader(false).load(local()).fingerprint();
        write(WEIGHTS, SafetensorsBytes.of(11, "a"));
        String third = loader(false).load(local()).fingerprint();

        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        assertThat(loader(false).load(local()).model()).isEqualTo(mine());
    }

    private Process start(String name) throws IOException {
        return LoadingProcess.start(directory, name, hub.endpoint(), "mlx", WEIGHTS);
    }

    private AkidbException refusal(ModelSpec spec, Path cache) {
        return refusal(spec, true, cache);
    }

    private Path mine() {
        return directory.resolve("mine");
    }

    private void write(String name, byte[] content) throws IOException {
        Files.createDirectories(mine());
        Files.write(mine().resolve(name), content);
    }

    private ModelSpec local() {
        return spec(new ModelSource.LocalDirectory(mine().toString(), WEIGHTS, "tokenizer.json"));
    }

    private static ModelSpec spec(ModelSource source) {
        return spec("mlx", source);
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] text(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }
}
