package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.command.TestCommands;
import com.akidb.command.TestCommands.Ran;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code akidb import} and {@code akidb export} against the whole server. */
class E2eTransferTest {

    @TempDir
    private static Path data;

    private static ReactiveWebServerApplicationContext server;
    private static String url;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        server = (ReactiveWebServerApplicationContext) new SpringApplicationBuilder(AkidbApplication.class)
                .run("--server.port=0", "--spring.grpc.server.port=0", "--akidb.data-dir=" + data);
        url = "http://127.0.0.1:"
                + Objects.requireNonNull(server.getWebServer()).getPort();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void table() throws Exception {
        send("DELETE", "/api/v1/tables/layouts", "");
        assertThat(send("POST", "/api/v1/tables", """
            {"name": "layouts", "primary_key": "id", "columns": [
              {"name": "id", "type": "string"}, {"name": "title", "type": "string"},
              {"name": "quality", "type": "int"}, {"name": "done", "type": "bool"},
              {"name": "score", "type": "float"}, {"name": "extra", "type": "json"},
              {"name": "at", "type": "timestamp"}]}
            """)).contains("\"layouts\"");
    }

    private static String send(String method, String path, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url + path))
                                    .header("Content-Type", "application/json")
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static Ran run(String command, Path file, String... more) {
        List<String> words = new ArrayList<>(List.of(command, file.toString(), "--table", "layouts"));
        words.addAll(List.of("--url", url));
        words.addAll(List.of(more));
        return TestCommands.run(words.toArray(String[]::new));
    }

    private Path file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void bringsCsvInAndOutAgainTheSame() throws Exception {
        String csv = """
            id,title,quality,done,score,extra,at
            a,"Grid, with ""quotes""\",7,true,0.5,"{""a"":[1]}",2026-11-25T10:00:00Z
            b,"two
            lines",-3,false,1.25,,
            c,,,,,,
            """;
        Ran in = run("import", file("layouts.csv", csv));

        assertThat(in.out()).as(in.err()).isEqualTo("3 inserted, 0 replaced, 0 ignored, 0 bad\n");
        Path back = directory.resolve("back.csv");
        assertThat(run("export", back).out()).isEqualTo("3 rows in " + back + "\n");
        assertThat(Files.readString(back)).isEqualTo(csv);
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("layouts.csv", "back.csv");
        }
    }

    @Test
    void setsBadLinesAsideWithTheirNumberAndKeepsTheOthers() throws Exception {
        Path csv = file("layouts.csv", "id,quality\na,1\nb,many\nc,3,4\nd,4\nd,5\n,6\n");

        Ran in = run("import", csv);

        assertThat(in.out()).startsWith("2 inserted, 0 replaced, 0 ignored, 4 bad, kept in ");
        assertThat(in.err())
                .contains("line 3: quality must be of the type int")
                .contains("line 4: has 3 fields, must have 2")
                .contains("line 6: ")
                .contains("line 7: ");
        assertThat(Files.readString(directory.resolve("layouts.csv.bad")))
                .isEqualTo("id,quality\nb,many\n\"c\",3,4\n".replace("\"c\"", "c") + "d,5\n,6\n");
        assertThat(Files.readAllLines(directory.resolve("layouts.csv.bad.txt"))).hasSize(4);
    }

    @Test
    void goesOnWhereItStopped() throws Exception {
        String good = IntStream.range(0, 25)
                .mapToObj(i -> "{\"id\": \"r" + i + "\"}\n")
                .collect(Collectors.joining());
        Path lines = file("layouts.ndjson", good + "no json\n{\"id\": \"last\"}\n");

        Ran stopped = run("import", lines, "--batch", "10", "--max-bad", "0");
        assertThat(stopped.status()).isEqualTo(1);
        assertThat(stopped.err()).contains("line 26: is not JSON", "More than 0 bad lines");

        Ran resumed = run("import", lines, "--batch", "10");
        assertThat(resumed.err()).contains("Going on after ");
        assertThat(resumed.out()).contains("26 inserted", "1 bad");
        assertThat(send("POST", "/api/v1/tables/layouts/query", "{\"count\": true}"))
                .isEqualTo("{\"count\":26}");
    }

    /** A table whose rows the server numbers, so that a row which came twice would be there twice. */
    private static void numbers() throws Exception {
        send("DELETE", "/api/v1/tables/layouts", "");
        send("POST", "/api/v1/tables", """
            {"name": "layouts", "columns": [{"name": "n", "type": "int"}]}
            """);
    }

    private static long rowCount() throws Exception {
        return JsonMapper.shared()
                .readTree(send("GET", "/api/v1/tables/layouts", ""))
                .path("row_count")
                .asLong();
    }

    @Test
    void bringsEachRowInOnceHoweverOftenItIsKilled() throws Exception {
        numbers();
        int rows = 100_000;
        Path lines = file(
                "n.ndjson",
                IntStream.range(0, rows)
                        .mapToObj(n -> (n == 77 ? "{\"n\": \"bad\"}" : "{\"n\": " + n + "}") + "\n")
                        .collect(Collectors.joining()));
        for (int kill = 1; kill <= 3; kill++) {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "com.akidb.command.Main",
                            "import",
                            lines.toString(),
                            "--table",
                            "layouts",
                            "--url",
                            url,
                            "--batch",
                            "100")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            while (rowCount() < 1_000L * kill && process.isAlive()) {
                Thread.onSpinWait();
            }
            assertThat(process.isAlive()).isTrue();
            process.destroyForcibly().onExit().join();
        }
        Ran last = run("import", lines);
        assertThat(last.out()).as(last.err()).startsWith(rows - 1 + " inserted, 0 replaced, 0 ignored, 1 bad");
        assertThat(Files.readString(directory.resolve("n.ndjson.bad"))).isEqualTo("{\"n\": \"bad\"}\n");
        assertThat(rowCount()).isEqualTo(rows - 1);
        Path back = directory.resolve("back.ndjson");
        run("export", back, "--columns", "n");
        assertThat(Files.readAllLines(back)).hasSize(rows - 1).doesNotHaveDuplicates();
    }

    @Test
    void asksWhatBecameOfRowsWhereItCannotTell() throws Exception {
        numbers();
        Path lines = file(
                "n.ndjson",
                IntStream.range(0, 30).mapToObj(n -> "{\"n\": " + n + "}\n").collect(Collectors.joining())
                        + "no json\n");
        run("import", lines, "--batch", "10", "--max-bad", "0");
        assertThat(rowCount()).isEqualTo(30);
        Path state = directory.resolve("n.ndjson.import-state");
        ObjectNode kept = (ObjectNode) JsonMapper.shared().readTree(Files.readString(state));
        // As if it had been killed when the third ten were sent, while others brought rows too.
        kept.put("consumed", 20).put("inserted", 20).put("bad", 0);
        kept.putObject("on_the_way")
                .put("from", 21)
                .put("to", 30)
                .put("rows", 10)
                .put("row_count", 17)
                .put("consumed", 30);
        for (String answer : List.of("lost", "kept")) {
            numbers();
            send("POST", "/api/v1/tables/layouts/rows", "{\"rows\": [{\"n\": 1}]}");
            Files.writeString(state, kept.toString());
            Ran asked = run("import", lines);
            assertThat(asked.status()).isEqualTo(1);
            assertThat(asked.err()).contains("lines 21 to 30", "--in-doubt kept or --in-doubt lost");

            assertThat(run("import", lines, "--in-doubt", answer).out()).startsWith("30 inserted, 0 replaced");
            assertThat(rowCount()).isEqualTo(answer.equals("lost") ? 11 : 1);
        }
    }

    /** The file is from pyarrow: texts, a null, integers, truths, floats, times with a zone, lists of floats; zstd. */
    @Test
    void bringsParquetIn() throws Exception {
        send(
                "POST",
                "/api/v1/tables/layouts/columns",
                "{\"name\": \"vector\", \"type\": \"embedding\", \"dimensions\": 2}");

        Path parquet = directory.resolve("layouts.parquet");
        Files.copy(Path.of("src/test/resources/transfer/layouts.parquet"), parquet);
        Ran in = run("import", parquet);

        assertThat(in.out()).as(in.err()).isEqualTo("2 inserted, 0 replaced, 0 ignored, 0 bad\n");
        Path back = directory.resolve("back.csv");
        run("export", back, "--vectors");
        assertThat(Files.readString(back)).isEqualTo("""
            id,title,quality,done,score,extra,at,vector
            a,Gräd,7,true,0.5,,2026-11-25T10:00:00Z,"[0.5,1.0]"
            b,,,false,1.25,,2026-11-25T10:00:00Z,"[0.25,2.0]"
            """);
    }

    @Test
    void exportsManyPagesAndOnlyWhatIsAskedFor() throws Exception {
        String rows = IntStream.range(0, 2_345)
                .mapToObj(i -> "{\"id\": \"r" + i + "\", \"quality\": " + i % 10 + "}\n")
                .collect(Collectors.joining());
        assertThat(run("import", file("many.ndjson", rows)).out()).startsWith("2345 inserted");

        Path all = directory.resolve("all.ndjson");
        run("export", all, "--columns", "id");
        assertThat(Files.readAllLines(all))
                .hasSize(2_345)
                .doesNotHaveDuplicates()
                .contains("{\"id\":\"r2344\"}");

        Path some = directory.resolve("some.csv");
        Ran exported = run("export", some, "--columns", "id,quality", "--where", "quality >= ?", "--param", "8");
        assertThat(exported.out()).as(exported.err()).startsWith("468 rows");
        assertThat(Files.readAllLines(some))
                .hasSize(469)
                .contains("id,quality", "r8,8")
                .doesNotContain("r7,7");
    }

    @Test
    void replacesOrIgnoresWhatIsThereIfAsked() throws Exception {
        Path lines = file("layouts.ndjson", "{\"id\": \"a\", \"quality\": 1}\n");
        run("import", lines);

        assertThat(run("import", lines, "--on-conflict", "replace").out()).contains("1 replaced");
        assertThat(run("import", lines, "--on-conflict", "ignore").out()).contains("1 ignored");
        assertThat(run("import", lines).out()).contains("1 bad");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(run("import", directory.resolve("none.csv")).err()).contains("none.csv cannot be read");
        assertThat(run("import", file("a.txt", "")).err()).contains("say --format");
        assertThat(run("import", file("a.csv", "id,qualty\n")).err()).contains("did you mean 'quality'?");
        assertThat(run("import", file("b.csv", "")).err()).contains("names its columns");
        assertThat(run("export", directory.resolve("a.xls")).err()).contains("say --format");
        Ran unknown = TestCommands.run("import", file("c.csv", "id\n").toString(), "--table", "none", "--url", url);
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).contains("none");
        assertThat(TestCommands.run(
                                "import",
                                file("d.csv", "id\n").toString(),
                                "--table",
                                "t",
                                "--url",
                                "http://192.0.2.1",
                                "--key",
                                "k")
                        .err())
                .contains("not sent unencrypted");
    }
}
