package com.akidb.model.hub;

import static com.akidb.model.hub.FakeHub.COMMIT;
import static com.akidb.model.hub.FakeHub.REPOSITORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.UnavailableException;
import com.akidb.model.Downloads;
import com.akidb.model.HubSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a hub that speaks the real protocol, and everything that can go wrong with them. */
class HubDownloadTests {

    private static final String LARGE = "onnx/model.onnx";
    private static final String SMALL = "tokenizer.json";

    @TempDir
    Path directory;

    private final byte[] weights = new byte[300_000];
    private final List<Duration> pauses = new ArrayList<>();
    private final Downloads downloads = new Downloads();
    private final FakeHub hub = new FakeHub().with(SMALL, "{\"small\": 1}".getBytes());
    private HubSettings settings = FakeHub.settings(hub.endpoint(), Path.of("home"));

    HubDownloadTests() {
        new Random(7).nextBytes(weights);
        hub.with(LARGE, weights);
    }

    @AfterEach
    void closeHub() {
        hub.close();
    }

    @Test
    void followsTheRedirectToTheStoreAndPinsTheCommit() throws IOException {
        assertThat(fetch(LARGE)).isEqualTo(new HubFile(REPOSITORY, COMMIT, LARGE));

        assertThat(Files.readAllBytes(target(LARGE))).isEqualTo(weights);
        assertThat(hub.requests())
                .extracting(FakeHub.Request::path)
                .containsExactly(
                        "/" + REPOSITORY + "/resolve/main/" + LARGE,
                        "/" + REPOSITORY + "/resolve/" + COMMIT + "/" + LARGE,
                        "/" + LARGE);
    }

    @Test
    void tellsHowFarAFileIsAndForgetsItAtItsEnd() {
        List<Long> sizes = new ArrayList<>();
        hub.failing((exchange, content) -> {
            sizes.add(downloads.size());
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        });

        fetch(LARGE);

        assertThat(sizes).containsExactly((long) weights.length);
        assertThat(downloads.size()).isZero();
        assertThat(downloads.bytes()).isZero();
    }

    @Test
    void followsARelativeRedirectOfTheHubItself() throws IOException {
        fetch(SMALL);

        assertThat(target(SMALL)).hasContent("{\"small\": 1}");
        assertThat(hub.requests()).extracting(FakeHub.Request::path).contains("/cache/" + SMALL);
        assertThat(hub.fetches()).isEmpty();
    }

    @Test
    void showsTheTokenToTheHubAndToNobodyElse() throws IOException {
        hub.gated("secret");
        settings = withToken("secret");

        fetch(LARGE);

        assertThat(hub.requests()).extracting(FakeHub.Request::server).containsExactly("hub", "hub", "store");
        assertThat(hub.requests())
                .extracting(FakeHub.Request::authorization)
                .containsExactly("Bearer secret", "Bearer secret", "null");
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void goesOnWhereTheConnectionWasCut() throws IOException {
        hub.failing(FakeHub.cutAfter(100_000)).failing(FakeHub.cutAfter(50_000));

        fetch(LARGE);

        assertThat(Files.readAllBytes(target(LARGE))).isEqualTo(weights);
        assertThat(hub.fetches())
                .extracting(FakeHub.Request::range)
                .containsExactly("null", "bytes=100000-", "bytes=150000-");
    }

    @Test
    void goesOnWhereAnEarlierProcessWasCut() throws IOException {
        settings = withAttempts(1);
        hub.failing(FakeHub.cutAfter(123_456));
        assertThatThrownBy(() -> fetch(LARGE)).isInstanceOf(UnavailableException.class);

        fetch(LARGE);

        assertThat(Files.readAllBytes(target(LARGE))).isEqualTo(weights);
        assertThat(hub.fetches()).extracting(FakeHub.Request::range).containsExactly("null", "bytes=123456-");
    }

    @Test
    void startsAgainWhenTheServerKnowsNoRanges() throws IOException {
        hub.failing(FakeHub.cutAfter(100_000)).failing(FakeHub.ignoringRange());

        fetch(LARGE);

        assertThat(Files.readAllBytes(target(LARGE))).isEqualTo(weights);
    }

    @Test
    void givesUpOnAServerThatAlwaysStartsAgainAndNeverEnds() {
        Stream.generate(() -> (FakeHub.Fault) (exchange, content) -> {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content, 0, 1000);
                    exchange.getResponseBody().flush();
                    exchange.close();
                })
                .limit(20)
                .forEach(hub::failing);

        assertThatThrownBy(() -> fetch(LARGE)).hasMessageContaining("3 attempts");
        assertThat(hub.fetches()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void replacesAPartThatIsLongerThanTheFile() throws IOException {
        settings = withAttempts(1);
        hub.failing(FakeHub.cutAfter(1000));
        assertThatThrownBy(() -> fetch(LARGE)).isInstanceOf(UnavailableException.class);
        Path part = parts().getFirst();
        Files.write(part, new byte[weights.length + 1]);

        fetch(LARGE);

        assertThat(Files.readAllBytes(target(LARGE))).isEqualTo(weights);
        assertThat(parts()).isEmpty();
    }

    @Test
    void fetchesAgainWhatCameDamaged() throws IOException {
        hub.failing(FakeHub.damaged());

        fetch(LARGE);

        assertThat(Files.readAllBytes(target(LARGE))).isEqualTo(weights);
        assertThat(hub.fetches()).hasSize(2);
    }

    @Test
    void givesUpWhenItComesDamagedTwiceAndLeavesNothing() throws IOException {
        hub.failing(FakeHub.damaged()).failing(FakeHub.damaged());

        CorruptDataException refusal = catchThrowableOfType(CorruptDataException.class, () -> fetch(LARGE));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CORRUPT_DATA);
        assertThat(refusal).hasMessageContaining(LARGE).hasMessageContaining("checksum");
        assertThat(target(LARGE)).doesNotExist();
        assertThat(parts()).isEmpty();
    }

    @Test
    void noticesDamageInSmallFilesByTheChecksumOfGit() throws IOException {
        hub.failing(FakeHub.damaged());

        fetch(SMALL);

        assertThat(target(SMALL)).hasContent("{\"small\": 1}");
    }

    @Test
    void saysHowToReachARepositoryThatIsGated() {
        hub.gated("secret");

        assertThat(refusal(LARGE))
                .hasMessageContaining(REPOSITORY)
                .hasMessageContaining("401")
                .hasMessageContaining("accept its terms")
                .hasMessageContaining("set HF_TOKEN");
        settings = withToken("other");
        assertThat(refusal(LARGE)).hasMessageContaining("403").hasMessageContaining("set HF_TOKEN");
    }

    @Test
    void namesWhatIsMissingInTheHub() {
        assertThat(refusal("no.onnx")).hasMessage("Repository " + REPOSITORY + " has no file no.onnx at revision main");
        assertThat(refusalOf(new HubFile("owner/none", "main", LARGE)))
                .hasMessage("The hub has no repository owner/none");
        assertThat(refusalOf(new HubFile(REPOSITORY, "v9", LARGE)))
                .hasMessage("Repository " + REPOSITORY + " has no revision v9");
    }

    @Test
    void waitsAsLongAsTheHubAsksFor() throws IOException {
        hub.failing(FakeHub.status(429, "Retry-After", "7")).failing(FakeHub.status(503, "Retry-After", "86400"));

        fetch(LARGE);

        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofMinutes(1));
    }

    @Test
    void triesSoOftenAndThenSaysSo() {
        Stream.generate(() -> FakeHub.status(502, "X", "x")).limit(9).forEach(hub::failing);

        assertThat(refusal(LARGE))
                .hasMessageContaining("does not deliver " + LARGE)
                .hasMessageContaining("status 502 (3 attempts)");
        assertThat(hub.fetches()).hasSize(3);
        assertThat(pauses).hasSize(2).allSatisfy(pause -> assertThat(pause).isLessThan(Duration.ofMillis(5)));
    }

    @Test
    void givesUpWaitingForAHubThatFallsSilentInTheMiddleOfAFile() throws IOException {
        settings = new HubSettings(
                URI.create(hub.endpoint()),
                "",
                directory,
                Duration.ofSeconds(5),
                Duration.ofMillis(200),
                3,
                Duration.ZERO);
        hub.failing(hub.stallingAfter(50_000));

        fetch(LARGE);

        assertThat(Files.readAllBytes(target(LARGE))).isEqualTo(weights);
        assertThat(hub.fetches()).extracting(FakeHub.Request::range).containsExactly("null", "bytes=50000-");
    }

    @Test
    void saysThatNobodyAnswers() {
        settings = FakeHub.settings("http://127.0.0.1:1", directory);

        AkidbException refusal = refusal(LARGE);

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal)
                .hasMessageStartingWith("The hub at 127.0.0.1 does not deliver " + LARGE)
                .hasMessageEndingWith("it cannot be reached (3 attempts)");
    }

    private HubFile fetch(String path) {
        return fetch(new HubFile(REPOSITORY, "main", path));
    }

    private HubFile fetch(HubFile file) {
        try (HubDownload download = new HubDownload(settings, downloads, pauses::add)) {
            return download.fetch(file, target(file.path()));
        }
    }

    private AkidbException refusal(String path) {
        return refusalOf(new HubFile(REPOSITORY, "main", path));
    }

    private AkidbException refusalOf(HubFile file) {
        return catchThrowableOfType(AkidbException.class, () -> fetch(file));
    }

    private Path target(String path) {
        return directory.resolve("models").resolve(path);
    }

    private List<Path> parts() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> path.toString().endsWith(".part")).toList();
        }
    }

    private HubSettings withToken(String token) {
        return new HubSettings(
                settings.endpoint(),
                token,
                directory,
                settings.connectTimeout(),
                settings.readTimeout(),
                3,
                Duration.ZERO);
    }

    private HubSettings withAttempts(int attempts) {
        return new HubSettings(
                settings.endpoint(),
                "",
                directory,
                settings.connectTimeout(),
                settings.readTimeout(),
                attempts,
                Duration.ZERO);
    }
}
