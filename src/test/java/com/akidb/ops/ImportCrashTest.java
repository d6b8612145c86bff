package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.akidb.command.TestCommands;
import com.akidb.command.TestCommands.Ran;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code akidb import} into a server that is killed, or whose disk becomes full, in the middle. */
class ImportCrashTest {

    private static final int ROWS = 20_000;
    private static final int BATCH = 200;
    private static final int KILLS = 2;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private String url = "";

    private static JsonNode send(String url, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return JsonMapper.shared().readTree(answer.body());
    }

    /** A table whose rows the server numbers, so that a row which came twice would be there twice. */
    private void table() throws Exception {
        assertThat(send(url, "POST", "/api/v1/tables", """
                {"name": "t", "columns": [{"name": "n", "type": "int"}, {"name": "text", "type": "string"}]}
                """).path("name").asString(""))
                .isEqualTo("t");
    }

    private long rowCount() throws Exception {
        return send(url, "GET", "/api/v1/tables/t", "").path("row_count").asLong();
    }

    private Path rows(int count, String text) throws IOException {
        return Files.writeString(
                directory.resolve("rows.ndjson"),
                IntStream.range(0, count)
                        .mapToObj(n -> "{\"n\": " + n + ", \"text\": \"" + text + "\"}\n")
                        .collect(Collectors.joining()));
    }

    private Ran bringIn(Path rows) {
        return TestCommands.run(
                "import", rows.toString(), "--table", "t", "--url", url, "--batch", Integer.toString(BATCH));
    }

    private void assertAllOnce(int count) throws Exception {
        assertThat(rowCount()).isEqualTo(count);
        Path back = directory.resolve("back.ndjson");
        Ran out = TestCommands.run("export", back.toString(), "--table", "t", "--columns", "n", "--url", url);
        assertThat(out.status()).as(out.err()).isZero();
        assertThat(Files.readAllLines(back))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, count)
                        .mapToObj(n -> "{\"n\":" + n + "}")
                        .toList());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static ServerProcess start(Path data, int port) {
        try {
            ServerProcess server = new ServerProcess(data, port);
            if (server.awaitPort() != port) {
                throw new AssertionError(server.log());
            }
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Kills the server whenever so many rows more are in, and starts it again. */
    private ServerProcess kill(ServerProcess first, Path data, int port) {
        ServerProcess server = first;
        try {
            for (int kill = 1; kill <= KILLS; kill++) {
                while (rowCount() < ROWS / (KILLS + 1) * kill) {
                    Thread.onSpinWait();
                }
                server.kill();
                server = start(data, port);
            }
            return server;
        } catch (Exception e) {
            server.close();
            throw new AssertionError(e);
        }
    }

    @Test
    void bringsEachRowInOnceHoweverOftenTheServerIsKilled() throws Exception {
        Path data = directory.resolve("data");
        int port = freePort();
        url = "http://127.0.0.1:" + port;
        ServerProcess first = start(data, port);
        table();
        Path rows = rows(ROWS, "text");
        CompletableFuture<ServerProcess> killed =
                CompletableFuture.supplyAsync(() -> kill(first, data, port), Thread::startVirtualThread);
        Ran ran = bringIn(rows);
        int runs = 1;
        while (ran.status() != 0) {
            assertThat(ran.err()).contains("goes on where this one stopped");
            ran = bringIn(rows);
            assertThat(++runs).isLessThan(50);
        }
        try (ServerProcess last = killed.join()) {
            assertThat(ran.out()).isEqualTo(ROWS + " inserted, 0 replaced, 0 ignored, 0 bad\n");
            assertAllOnce(ROWS);
            last.terminate();
        }
    }

    @Test
    void stopsWhenTheDiskIsFullWithNothingHalfDoneAndGoesOnWhenThereIsRoom() throws Exception {
        Path data = Files.createDirectory(directory.resolve("small"));
        assumeTrue(mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", data.toString()), "no right to mount");
        int port = freePort();
        url = "http://127.0.0.1:" + port;
        try (ServerProcess server = start(data, port)) {
            table();
            Path rows = rows(4_000, "x".repeat(8_000));

            Ran full = bringIn(rows);
            assertThat(full.status()).isEqualTo(1);
            assertThat(full.err()).contains("The disk is full; nothing was written");
            long kept = rowCount();
            assertThat(kept).isBetween(1L, 3_999L);
            assertThat(kept % BATCH).as("batches are whole").isZero();

            assertThat(mount("-o", "remount,size=200m", data.toString())).isTrue();
            Ran resumed = bringIn(rows);
            assertThat(resumed.status()).as(resumed.err()).isZero();
            assertThat(resumed.err()).contains("Going on after " + kept + " rows");
            assertAllOnce(4_000);
        } finally {
            new ProcessBuilder("umount", data.toString()).start().waitFor();
        }
    }

    private static boolean mount(String... options) throws IOException, InterruptedException {
        String[] command = new String[options.length + 1];
        command[0] = "mount";
        System.arraycopy(options, 0, command, 1, options.length);
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
