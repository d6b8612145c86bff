package com.akidb;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.command.TestCommands;
import com.akidb.command.TestCommands.Ran;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Files as people have them, in every format: what is stored is what the file says, or a bad line says why it is not. */
class E2eTransferFormatsTest {

    private static final JsonMapper JSON = JsonMapper.shared();

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

    private static JsonNode send(String method, String path, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String answer = client.send(
                            HttpRequest.newBuilder(URI.create(url + path))
                                    .header("Content-Type", "application/json")
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return JSON.readTree(answer.isEmpty() ? "null" : answer);
        }
    }

    private static Ran run(String command, String file, String table, String... more) {
        return run(new byte[0], command, file, table, more);
    }

    private static Ran run(byte[] input, String command, String file, String table, String... more) {
        List<String> words = new ArrayList<>(List.of(command, file, "--table", table, "--url", url));
        words.addAll(List.of(more));
        return TestCommands.run(input, InstantSource.system(), words.toArray(String[]::new));
    }

    private static void table(String name, String columns) throws Exception {
        send("DELETE", "/api/v1/tables/" + name, "");
        JsonNode made = send("POST", "/api/v1/tables", """
            {"name": "%s", "primary_key": "id", "columns": [%s]}\
            """.formatted(name, columns));
        assertThat(made.path("name").asString("")).as(made.toString()).isEqualTo(name);
    }

    private static JsonNode rows(String name) throws Exception {
        return send("POST", "/api/v1/tables/" + name + "/query", """
            {"limit": 1000, "order_by": [{"column": "id"}], "include_vectors": true}\
            """).path("rows");
    }

    private Path file(String name, byte[] content) throws Exception {
        return Files.write(directory.resolve(name), content);
    }

    private Path file(String name, String content) throws Exception {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static final String ALL_TYPES = """
        {"name": "id", "type": "string"}, {"name": "text", "type": "string"}, {"name": "n", "type": "int"},
        {"name": "x", "type": "float"}, {"name": "b", "type": "bool"}, {"name": "at", "type": "timestamp"},
        {"name": "j", "type": "json"}, {"name": "v", "type": "embedding", "dimensions": 3}\
        """;

    @ParameterizedTest
    @ValueSource(strings = {"csv", "ndjson", "json", "parquet", "arrow"})
    void whatIsExportedComesBackTheSame(String format) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        table("out", ALL_TYPES);
        table("back", ALL_TYPES);
        ArrayNode rows = JSON.createArrayNode();
        for (int i = 0; i < 300; i++) {
            rows.add(randomRow(random, i));
        }
        ObjectNode body = JSON.createObjectNode();
        body.set("rows", rows);
        JsonNode inserted = send("POST", "/api/v1/tables/out/rows", body.toString());
        assertThat(inserted.path("inserted").asInt(0))
                .as("seed %d: %s", seed, inserted)
                .isEqualTo(300);

        Path whole = directory.resolve("whole." + format);
        Ran out = run("export", whole.toString(), "out", "--vectors");
        assertThat(out.status()).as("seed %d: %s", seed, out.err()).isZero();
        Ran in = run("import", whole.toString(), "back");

        assertThat(in.out()).as("seed %d: %s", seed, in.err()).startsWith("300 inserted, 0 replaced, 0 ignored, 0 bad");
        assertThat(rows("back")).as("seed %d", seed).isEqualTo(rows("out"));
    }

    private static ObjectNode randomRow(Random random, int number) {
        ObjectNode row = JSON.createObjectNode().put("id", "row " + number);
        if (random.nextInt(4) > 0) {
            row.put("text", randomText(random));
        }
        if (random.nextInt(4) > 0) {
            row.put("n", random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(9));
        }
        if (random.nextInt(4) > 0) {
            double any = Double.longBitsToDouble(random.nextLong());
            row.put("x", random.nextBoolean() && Double.isFinite(any) ? any : random.nextInt(9) / 4.0);
        }
        if (random.nextInt(4) > 0) {
            row.put("b", random.nextBoolean());
        }
        if (random.nextInt(4) > 0) {
            row.put(
                    "at",
                    Instant.EPOCH.plusNanos(random.nextLong() / 1_000 * 1_000).toString());
        }
        if (random.nextInt(4) > 0) {
            row.set("j", randomJson(random, 3));
        }
        if (random.nextInt(4) > 0) {
            ArrayNode vector = row.putArray("v");
            for (int i = 0; i < 3; i++) {
                vector.add(random.nextFloat() + 0.01f);
            }
        }
        return row;
    }

    private static String randomText(Random random) {
        String[] pieces = {
            "",
            "\"",
            ",",
            ";",
            "\n",
            "\r\n",
            "\r",
            " ",
            "\t",
            "é",
            "\u4e2d",
            "\ud83d\ude00",
            "'",
            "null",
            "1",
            "\ufeff",
            "\\"
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static JsonNode randomJson(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> JSON.getNodeFactory().stringNode(random.nextBoolean() ? "123" : randomText(random));
            case 1 -> JSON.getNodeFactory().numberNode(random.nextInt());
            case 2 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case 3 -> JSON.getNodeFactory().numberNode(random.nextInt(99) / 4.0);
            case 4 -> {
                ArrayNode array = JSON.createArrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(randomJson(random, depth - 1));
                }
                yield array;
            }
            default -> JSON.createObjectNode().set(randomText(random), randomJson(random, depth - 1));
        };
    }

    private static final String SIMPLE = """
        {"name": "id", "type": "string"}, {"name": "title", "type": "string"}, {"name": "n", "type": "int"}\
        """;

    @ParameterizedTest
    @CsvSource({"semicolon, ;", "comma, ','", "pipe, |"})
    void readsTheDelimiterThatTheFileHas(String name, String delimiter) throws Exception {
        table("t", SIMPLE);
        String csv = "id,title,n\na,\"x,y;z|t\",1\n"
                .replace(",", "\u0000")
                .replace("\"x\u0000y;z|t\"", "\"x,y;z|t\"")
                .replace("\u0000", delimiter);

        Ran in = run("import", file(name + ".csv", csv).toString(), "t");

        assertThat(in.out()).as(in.err()).startsWith("1 inserted");
        assertThat(rows("t").path(0).path("title").asString("")).isEqualTo("x,y;z|t");
    }

    @Test
    void readsTabsAndADelimiterThatIsSaid() throws Exception {
        table("t", SIMPLE);
        assertThat(run("import", file("a.tsv", "id\ttitle\na\tone, two\n").toString(), "t")
                        .out())
                .startsWith("1 inserted");
        assertThat(run("import", file("b.csv", "id^title\nb^x,y,z\n").toString(), "t", "--delimiter", "^")
                        .out())
                .startsWith("1 inserted");
        assertThat(run("import", file("c.csv", "id\n").toString(), "t", "--delimiter", "ab")
                        .err())
                .contains("--delimiter must be one character");
    }

    @Test
    void passesOverByteOrderMarks() throws Exception {
        table("t", SIMPLE);
        assertThat(run("import", file("a.csv", "\ufeff\"id\",title\na,x\n").toString(), "t")
                        .out())
                .startsWith("1 inserted");
        assertThat(run("import", file("b.ndjson", "\ufeff{\"id\": \"b\"}\n").toString(), "t")
                        .out())
                .startsWith("1 inserted");
        assertThat(run("import", file("c.json", "\ufeff[{\"id\": \"c\"}]").toString(), "t")
                        .out())
                .startsWith("1 inserted");
        byte[] wide = "\ufeffid,title\nd,\u4e2d\n".getBytes(StandardCharsets.UTF_16LE);
        assertThat(run("import", file("d.csv", wide).toString(), "t").out()).startsWith("1 inserted");
        assertThat(rows("t").path(3).path("title").asString("")).isEqualTo("\u4e2d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "ndjson"})
    void refusesTheLineWhoseBytesAreNoTextAndKeepsThemAsTheyCame(String format) throws Exception {
        table("t", SIMPLE);
        String text = format.equals("csv") ? "id,title\na,good\nb,caf\u00e9\nc,good\n" : """
            {"id": "a", "title": "good"}
            {"id": "b", "title": "caf\u00e9"}
            {"id": "c", "title": "good"}
            """;
        Path latin = file("latin." + format, text.getBytes(Charset.forName("windows-1252")));

        Ran in = run("import", latin.toString(), "t");

        int line = format.equals("csv") ? 3 : 2;
        assertThat(in.status()).isEqualTo(3);
        assertThat(in.err()).contains("line " + line + ": is not UTF-8 (byte 0xE9); say --encoding");
        assertThat(rows("t")).hasSize(2);
        assertThat(Files.readAllBytes(directory.resolve("latin." + format + ".bad")))
                .containsSequence((byte) 'c', (byte) 'a', (byte) 'f', (byte) 0xE9);

        Ran again = run("import", latin.toString(), "t", "--encoding", "windows-1252", "--on-conflict", "replace");
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(rows("t").path(1).path("title").asString("")).isEqualTo("caf\u00e9");
    }

    @Test
    void takesAStrayQuoteForOneBadLine() throws Exception {
        table("t", SIMPLE);
        Path csv = file("quotes.csv", """
            id,title,n
            a,"never closed,1
            b,good,2
            c,5" pipe,3
            d,"closed" and more,4
            e,"two
            lines, and ""quotes""\",5
            f,"open at the end,6
            """);

        Ran in = run("import", csv.toString(), "t");

        assertThat(in.err())
                .contains("line 2: has text after a closing quote")
                .contains("line 4: has a quote inside a field")
                .contains("line 5: has text after a closing quote")
                .contains("line 8: has a quote that is never closed");
        assertThat(in.out()).startsWith("2 inserted, 0 replaced, 0 ignored, 4 bad");
        assertThat(rows("t").path(1).path("title").asString("")).isEqualTo("two\nlines, and \"quotes\"");
    }

    @Test
    void takesNumbersAsTheyAreOrNotAtAll() throws Exception {
        table("t", """
            {"name": "id", "type": "string"}, {"name": "n", "type": "int"}, {"name": "x", "type": "float"}\
            """);
        Ran in = run("import", file("n.csv", """
            id,n,x
            a,1.0,1
            b,1.5,1
            c,2e3,1
            d,1,9007199254740993
            e,9223372036854775807,1e300
            f,9223372036854775808,1
            g,1,NaN
            """).toString(), "t");

        assertThat(in.err())
                .contains("line 3: n must be of the type int, got '1.5'")
                .contains("line 5: x must be of the type float, got '9007199254740993': it has more digits")
                .contains("line 7: n ")
                .contains("line 8: x must be of the type float");
        assertThat(rows("t").findValuesAsString("id")).containsExactly("a", "c", "e");
        assertThat(rows("t").path(1).path("n").asLong(0)).isEqualTo(2000);
    }

    @Test
    void takesTimesWithoutAZoneOnlyIfToldWhichOne() throws Exception {
        table("t", """
            {"name": "id", "type": "string"}, {"name": "at", "type": "timestamp"}\
            """);
        Path csv = file("times.csv", """
            id,at
            a,2026-03-01 09:30:00
            b,2026-03-01T09:30
            c,2026-03-01
            d,2026-03-29 02:30:00
            e,2026-10-25 02:30:00
            f,2026-03-01T09:30:00Z
            """);
        Ran strict = run("import", csv.toString(), "t");
        assertThat(strict.out()).startsWith("1 inserted, 0 replaced, 0 ignored, 5 bad");
        assertThat(strict.err()).contains("line 2: at has a time without a time zone; say --timezone");

        Ran zoned = run("import", csv.toString(), "t", "--timezone", "Europe/Zurich", "--on-conflict", "replace");
        assertThat(zoned.out()).startsWith("3 inserted, 1 replaced, 0 ignored, 2 bad");
        assertThat(zoned.err())
                .contains("line 5: at has a time that clocks leave out in Europe/Zurich")
                .contains("line 6: at has a time that comes twice in Europe/Zurich");
        assertThat(rows("t").findValuesAsString("at"))
                .containsExactly(
                        "2026-03-01T08:30:00Z", "2026-03-01T08:30:00Z", "2026-02-28T23:00:00Z", "2026-03-01T09:30:00Z");

        Path epoch = file("epoch.ndjson", "{\"id\": \"g\", \"at\": 1767323045123}\n");
        assertThat(run("import", epoch.toString(), "t").status()).isEqualTo(3);
        assertThat(run("import", epoch.toString(), "t", "--epoch", "ms").out()).startsWith("1 inserted");
        assertThat(rows("t").path(4).path("at").asString("")).isEqualTo("2026-01-02T03:04:05.123Z");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void doesTheSameWithKeysThatComeTwiceWhateverTheBatch(int batch) throws Exception {
        table("t", SIMPLE);
        Path lines = file("twice.ndjson", """
            {"id": "a", "n": 1}
            {"id": "a", "n": 2}
            {"id": "b", "n": 3}
            {"id": "a", "n": "bad"}
            """);
        Ran replaced =
                run("import", lines.toString(), "t", "--batch", "" + batch, "--on-conflict", "replace", "--restart");
        assertThat(replaced.out()).startsWith("2 inserted, 1 replaced, 0 ignored, 1 bad");
        assertThat(rows("t").path(0).path("n").asInt(0)).isEqualTo(2);

        table("t", SIMPLE);
        Ran ignored =
                run("import", lines.toString(), "t", "--batch", "" + batch, "--on-conflict", "ignore", "--restart");
        assertThat(ignored.out()).startsWith("2 inserted, 0 replaced, 1 ignored, 1 bad");

        table("t", SIMPLE);
        Ran refused = run("import", lines.toString(), "t", "--batch", "" + batch, "--restart");
        assertThat(refused.out()).startsWith("2 inserted, 0 replaced, 0 ignored, 2 bad");
        assertThat(refused.err()).contains("line 2: ", "line 4: n must be");
    }

    @Test
    void makesATableThatFitsTheFile() throws Exception {
        send("DELETE", "/api/v1/tables/made", "");
        Path csv = file("made.csv", """
            code,zip,price,ok,at,extra,Note
            a,007,1.5,true,2026-03-01T09:30:00Z,"{""k"": 1}",
            b,8001,2,false,2026-03-01T09:30:00Z,[],x
            """);
        Ran dry = run("import", csv.toString(), "made", "--create", "--primary-key", "code", "--dry-run");
        assertThat(dry.out()).as(dry.err()).isEqualTo("2 good, 0 bad; nothing was written\n");
        assertThat(dry.err())
                .contains("code   string, primary key")
                .contains("zip    string")
                .contains("price  float")
                .contains("ok     bool")
                .contains("at     timestamp")
                .contains("extra  json")
                .contains("Note   string, some rows have none");
        assertThat(send("GET", "/api/v1/tables/made", "").path("status").asInt(0))
                .isEqualTo(404);

        Ran nobody = run("import", csv.toString(), "made", "--create");
        assertThat(nobody.err()).contains("use --yes");

        Ran made = run("import", csv.toString(), "made", "--create", "--primary-key", "code", "--yes");
        assertThat(made.out()).as(made.err()).startsWith("2 inserted");
        assertThat(run("import", csv.toString(), "made", "--create", "--yes").err())
                .contains("leave out --create");
        send("DELETE", "/api/v1/tables/made", "");
    }

    @Test
    void bringsColumnsUnderOtherNamesAndLeavesOutThoseThatTheTableHasNot() throws Exception {
        table("t", SIMPLE);
        Path csv = file("names.csv", "ID,Titel,n,more\na,x,1,y\n");
        assertThat(run("import", csv.toString(), "t").err()).contains("a column 'ID'", "--map ID=NAME");

        Ran in = run("import", csv.toString(), "t", "--map", "ID=id", "--map", "Titel=title", "--skip-unknown");

        assertThat(in.out()).as(in.err()).startsWith("1 inserted");
        assertThat(rows("t").path(0).toString()).isEqualTo("{\"id\":\"a\",\"title\":\"x\",\"n\":1}");
    }

    @Test
    void readsStandardInputAndWritesStandardOutput() throws Exception {
        table("t", SIMPLE);
        byte[] csv = "id,title\na,x\n".getBytes(StandardCharsets.UTF_8);
        assertThat(run(csv, "import", "-", "t", "--format", "csv").out()).startsWith("1 inserted");
        assertThat(run("export", "-", "t").out()).isEqualTo("{\"id\":\"a\",\"title\":\"x\",\"n\":null}\n");
        assertThat(run("export", "-", "t", "--format", "csv").out()).isEqualTo("id,title,n\na,x,\n");
    }

    @Test
    void refusesAJsonFileThatIsBrokenBeforeAnyRowIsIn() throws Exception {
        table("t", SIMPLE);
        Ran broken = run(
                "import",
                file("b.json", "[{\"id\": \"a\"},\n{\"id\": \"b\"},\n{\"id\" \"c\"}]")
                        .toString(),
                "t");
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.err()).contains("at line 3, and nothing was imported");
        assertThat(rows("t")).isEmpty();
        assertThat(run("import", file("c.json", "[]\n[]").toString(), "t").err())
                .contains("more after the array");
        assertThat(run(
                                "import",
                                file("d.json", "{\"id\": \"d\"}\n{\"id\": \"e\"}\n")
                                        .toString(),
                                "t")
                        .out())
                .startsWith("2 inserted");
    }

    /** The files are from pyarrow; each has every type that it writes, in two rows. */
    @ParameterizedTest
    @ValueSource(strings = {"types.parquet", "types.arrow", "types-lz4.arrow", "types-zstd.arrow", "types.arrows"})
    void bringsEveryTypeOfColumnarFilesInAsItIs(String name) throws Exception {
        String columns = Stream.of(
                        "u8",
                        "u16",
                        "u32",
                        "i8",
                        "i16",
                        "i32",
                        "i64",
                        "u64:json",
                        "f16:float",
                        "f32:float",
                        "f64:float",
                        "s:string",
                        "ls:string",
                        "bo:bool",
                        "dt:timestamp",
                        "tm:string",
                        "ts_naive:timestamp",
                        "ts_utc:timestamp",
                        "dec:float",
                        "st:json",
                        "mp:json",
                        "li:json",
                        "lu:json",
                        "lst:json",
                        "cat:string")
                .map(each -> each.split(":", -1))
                .map(each ->
                        "{\"name\": \"%s\", \"type\": \"%s\"}".formatted(each[0], each.length == 1 ? "int" : each[1]))
                .reduce("{\"name\": \"id\", \"type\": \"string\"}", (all, each) -> all + ", " + each);
        table("t", columns);
        Path copy = directory.resolve(name);
        Files.copy(Path.of("src/test/resources/transfer", name), copy);
        Ran in = run("import", copy.toString(), "t", "--timezone", "UTC");

        assertThat(in.out()).as(in.err()).startsWith("2 inserted");
        assertThat(rows("t").path(0)).isEqualTo(JSON.readTree("""
            {"id": "a", "u8": 200, "u16": 60000, "u32": 4000000000, "i8": -5, "i16": -500, "i32": -5, "i64": -5,
             "u64": 18000000000000000000, "f16": 0.5, "f32": 0.10000000149011612, "f64": 0.1, "s": "a", "ls": "a",
             "bo": true, "dt": "2026-01-02T00:00:00Z", "tm": "01:02:03", "ts_naive": "2026-01-02T03:04:05.000006Z",
             "ts_utc": "2026-01-02T03:04:05.000006Z", "dec": 1.5, "st": {"x": 1, "y": "q", "u": 4000000000},
             "mp": {"k": 1}, "li": [1, 2], "lu": [4000000000], "lst": [{"x": 1}], "cat": "p"}\
            """));
        assertThat(rows("t").path(1).path("li").toString()).isEqualTo("[null]");

        table("t", columns);
        Ran strict = run("import", copy.toString(), "t");
        assertThat(strict.err()).contains("row 1: ", "time zone; say --timezone");
    }

    @Test
    void refusesBinaryAndUnreadableFiles() throws Exception {
        table("t", SIMPLE);
        for (String name : List.of("x.parquet", "x.arrow")) {
            Ran broken =
                    run("import", file(name, "this is no such file, surely").toString(), "t");
            assertThat(broken.status()).isEqualTo(1);
            assertThat(broken.err()).as(name).contains(name + " is not ");
        }
        ByteArrayOutputStream nothing = new ByteArrayOutputStream();
        assertThat(run("import", file("empty.arrow", nothing.toByteArray()).toString(), "t")
                        .err())
                .contains("is not an Arrow IPC file");
    }
}
