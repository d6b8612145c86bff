package com.akidb.model.loading;

import static com.akidb.model.hub.FakeHub.COMMIT;
import static com.akidb.model.hub.FakeHub.REPOSITORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models of the hub and of directories, as the loader brings them to this disk. */
class HubModelTests extends LoadingFixture {

    private static final ModelSource.Hub SOURCE =
            new ModelSource.Hub(REPOSITORY, "main", "onnx/model.onnx", "tokenizer.json");

    @BeforeEach
    void offerAModel() {
        hub.with("tokenizer.json", "{}".getBytes()).with("onnx/model.onnx", OnnxBytes.withWeightsInside(5000));
    }

    @Test
    void downloadsAModelOnceAndFindsItAgainWithoutTheHub() {
        assertThat(loader(true).isCached(spec(SOURCE))).isFalse();

        ModelFiles files = loader(true).load(spec(SOURCE));
        int requests = hub.requests().size();

        assertThat(files.model()).hasBinaryContent(OnnxBytes.withWeightsInside(5000));
        assertThat(loader(false).load(spec(SOURCE))).isEqualTo(files);
        assertThat(loader(false).isCached(spec(SOURCE))).isTrue();
        assertThat(hub.requests()).hasSize(requests);
    }

    @Test
    void fetchesAllFilesFromTheCommitThatTheBranchMeantAtFirst() {
        loader(true).load(spec(SOURCE));

        assertThat(hub.requests().getFirst().path()).contains("/resolve/main/");
        assertThat(hub.requests().stream().skip(1).map(FakeHub.Request::path))
                .noneMatch(path -> path.contains("/resolve/main/"))
                .anyMatch(path -> path.endsWith(COMMIT + "/tokenizer.json"));
    }

    @Test
    void fetchesTheWeightsThatLieBesideTheModel() {
        hub.with("onnx/model.onnx", OnnxBytes.withWeightsIn("model.onnx_data"))
                .with("onnx/model.onnx_data", new byte[4000]);

        ModelFiles files = loader(true).load(spec(SOURCE));

        assertThat(files.model().resolveSibling("model.onnx_data")).hasBinaryContent(new byte[4000]);
    }

    @Test
    void givesAnotherFingerprintWhenWeightsOrTokenizerDiffer() throws IOException {
        Path model = directory.resolve("model.onnx");
        Path tokenizer = Files.writeString(directory.resolve("tokenizer.json"), "{}");
        Path data = Files.write(directory.resolve("w.data"), new byte[10]);
        Files.write(model, OnnxBytes.withWeightsIn("w.data"));
        ModelSpec spec = spec(new ModelSource.LocalDirectory(directory.toString(), "model.onnx", "tokenizer.json"));
        String before = loader(false).load(spec).fingerprint();

        Files.write(data, new byte[11]);
        String otherWeights = loader(false).load(spec).fingerprint();
        Files.writeString(tokenizer, "{ }");

        assertThat(before).matches("[0-9a-f]{64}").isNotEqualTo(otherWeights);
        assertThat(loader(false).load(spec).fingerprint()).isNotIn(before, otherWeights);
    }

    @Test
    void saysWhichFileADirectoryLacks() throws IOException {
        ModelSpec spec = spec(new ModelSource.LocalDirectory(directory.toString(), "model.onnx", "tokenizer.json"));
        assertThat(refusal(spec, false)).hasMessage("Model 'mine' has no file model.onnx in its directory");

        Files.write(directory.resolve("model.onnx"), OnnxBytes.withWeightsIn("w.data"));
        Files.writeString(directory.resolve("tokenizer.json"), "{}");

        assertThat(refusal(spec, false)).hasMessage("Model 'mine' has no file w.data in its directory");
        assertThat(loader(false).isCached(spec)).isFalse();
    }

    @Test
    void refusesAModelFileThatIsCutShort() throws IOException {
        byte[] whole = OnnxBytes.withWeightsInside(5000);
        Files.write(directory.resolve("model.onnx"), java.util.Arrays.copyOf(whole, 3000));
        Files.writeString(directory.resolve("tokenizer.json"), "{}");
        ModelSpec spec = spec(new ModelSource.LocalDirectory(directory.toString(), "model.onnx", "tokenizer.json"));

        assertThatThrownBy(() -> loader(false).load(spec))
                .isInstanceOf(CorruptDataException.class)
                .hasMessage("Model 'mine' is damaged: the ONNX file is cut short or damaged");
        assertThat(loader(false).isCached(spec)).isFalse();
    }

    @Test
    void refusesWeightsOutsideTheModelsDirectory() throws IOException {
        Files.write(directory.resolve("model.onnx"), OnnxBytes.withWeightsIn("../../etc/passwd"));
        Files.writeString(directory.resolve("tokenizer.json"), "{}");

        assertThat(refusal(
                        spec(new ModelSource.LocalDirectory(directory.toString(), "model.onnx", "tokenizer.json")),
                        false))
                .hasMessageEndingWith("names weights outside its directory");
    }

    @Test
    void usesWhatLiesInTheHuggingFaceCache() throws IOException {
        Path repository = directory.resolve("home/hub/models--owner--small-model");
        Path snapshot = repository.resolve("snapshots").resolve(COMMIT);
        Files.createDirectories(repository.resolve("refs"));
        Files.createDirectories(snapshot.resolve("onnx"));
        Files.writeString(repository.resolve("refs/main"), COMMIT);
        Files.write(directory.resolve("blob"), OnnxBytes.withWeightsInside(100));
        Files.createSymbolicLink(snapshot.resolve("onnx/model.onnx"), directory.resolve("blob"));

        assertThat(loader(false).isCached(spec(SOURCE))).isFalse();
        Files.writeString(snapshot.resolve("tokenizer.json"), "{}");

        assertThat(loader(false).load(spec(SOURCE)).model()).isEqualTo(snapshot.resolve("onnx/model.onnx"));
        ModelSource.Hub byCommit = new ModelSource.Hub(REPOSITORY, COMMIT, "onnx/model.onnx", "tokenizer.json");
        assertThat(loader(false).isCached(spec(byCommit))).isTrue();
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void saysThatTheModelIsNotCachedWhenDownloadsAreOff() {
        AkidbException refusal = refusal(spec(SOURCE), false);

        assertThat(refusal.code()).isEqualTo(ErrorCode.MODEL_NOT_CACHED);
        assertThat(refusal)
                .hasMessageStartingWith("Model 'mine' not cached")
                .hasMessageContaining("auto_download: true");
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void letsOfTwoProcessesOneDownloadAndTheOtherUseIt() throws Exception {
        Process first = start("first");
        Process second = start("second");

        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("first")).exists();
        String fingerprint = Files.readString(directory.resolve("first"));
        assertThat(fingerprint).matches("[0-9a-f]{64}");
        assertThat(directory.resolve("second")).hasContent(fingerprint);
        assertThat(hub.fetches()).hasSize(1);
    }

    @Test
    void saysThatTheDiskIsFullAndLeavesNoPartBehind() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()).start();
        assumeTrue(mount.waitFor() == 0, "only root may mount a small disk");
        try {
            hub.with("onnx/model.onnx", OnnxBytes.withWeightsInside(2_000_000));
            AkidbException foreseen = refusal(spec(SOURCE), true, small);

            // Another process fills the disk while the download runs.
            hub.with("onnx/model.onnx", OnnxBytes.withWeightsInside(900_000)).failing((exchange, content) -> {
                Files.write(small.resolve("other"), new byte[500_000]);
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            });
            AkidbException met = refusal(spec(SOURCE), true, small);

            assertThat(foreseen.code()).isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(met.code()).isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(met)
                    .hasMessageStartingWith("No room on the disk for onnx/model.onnx of repository " + REPOSITORY);
            try (Stream<Path> left = Files.walk(small)) {
                assertThat(left.filter(path -> path.toString().endsWith(".part")))
                        .isEmpty();
            }
        } finally {
            assertThat(new ProcessBuilder("umount", small.toString()).start().waitFor())
                    .isZero();
        }
    }

    private Process start(String name) throws IOException {
        return LoadingProcess.start(directory, name, hub.endpoint(), "onnx", "onnx/model.onnx");
    }

    private AkidbException refusal(ModelSpec spec, boolean download) {
        return refusal(spec, download, cache());
    }

    private static ModelSpec spec(ModelSource source) {
        return spec("onnx", source);
    }
}
