package com.akidb.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs the commands of the guides, in their order and by bash, against whole servers of their own, and holds what they print to
 * what the guides say.
 */
class GuideExamplesTest {

    private static final String SECURITY = "docs/SECURITY.md";

    /** Each list of guides has a server, and what the first of them made is there for those after it. */
    private static final List<List<String>> GUIDES = List.of(
            List.of(
                    "docs/TABLES-GUIDE.md",
                    "docs/INDEX-GUIDE.md",
                    "docs/sql.md",
                    "docs/search.md",
                    "docs/import-export.md"),
            List.of("docs/FILTERS.md", "docs/SIMILARITY-SEARCH.md", "docs/embeddings-api.md", "README.md"),
            List.of("docs/COLLECTIONS-GUIDE.md", "docs/SYNC-GUIDE.md"),
            List.of(SECURITY));

    /** How commands begin that cannot run here, and why. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "git clone REPOSITORY akidb", "builds the whole project; who runs this test has done it",
            "scripts/check", "runs this very test",
            "grpcurl ", "grpcurl is no part of a build machine; tests of com.akidb.grpc make the same calls",
            "from openai import OpenAI", "needs the package openai from PyPI; OpenAiRoutesTest holds the route's form",
            "OPENAI_API_KEY=... scripts/akidb serve", "needs a key of an outside provider");

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> theGuidesTellTheTruth() {
        return GUIDES.stream().map(guides -> DynamicTest.dynamicTest(guides.toString(), () -> run(guides)));
    }

    private void run(List<String> guides) throws Exception {
        Path own = Files.createDirectories(directory.resolve(guides.getFirst().replace('/', '-')));
        List<String> differences = new ArrayList<>();
        try (GuideServer server = new GuideServer(own)) {
            if (guides.contains(SECURITY)) {
                server.makeCertificate();
            } else {
                server.start();
            }
            for (String guide : guides) {
                List<Example> examples = examples(guide).stream()
                        .filter(example -> reasonNotToRun(example).isEmpty())
                        .toList();
                assertThat(examples).as("commands in " + guide).isNotEmpty();
                for (Example example : examples) {
                    String difference = difference(example, server);
                    if (!difference.isEmpty()) {
                        differences.add(guide + ":" + example.line() + "\n" + example.command() + "\n" + difference);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    private static String difference(Example example, GuideServer server) throws Exception {
        try {
            return Likeness.difference(example.expected(), server.run(example.command()));
        } catch (AssertionError failed) { // what comes after it may tell more
            return String.valueOf(failed.getMessage());
        }
    }

    private static List<Example> examples(String guide) throws IOException {
        return Example.in(Files.readString(Path.of(guide)));
    }

    private static String reasonNotToRun(Example example) {
        return NOT_RUN.entrySet().stream()
                .filter(known -> example.command().startsWith(known.getKey()))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse("");
    }

    @Test
    void leavesNoCommandOutWithoutNeed() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String guide : GUIDES.stream().flatMap(List::stream).toList()) {
            examples(guide).forEach(example -> commands.add(example.command()));
        }

        assertThat(NOT_RUN.keySet())
                .allSatisfy(begin -> assertThat(commands).anyMatch(command -> command.startsWith(begin)));
    }

    @Test
    void takesCommandsAndWhatTheyPrintOutOfConsoleBlocks() {
        String guide = """
            Text
            ```console
            $ curl a \\
                -d '{}'
            {"a":1}

            $ curl b
            ```
            ```json
            $ nothing
            ```
            ```bash
            cd x
            make
            ```
            """;

        assertThat(Example.in(guide))
                .containsExactly(
                        new Example(3, "curl a \\\n    -d '{}'", "{\"a\":1}"),
                        new Example(7, "curl b", ""),
                        new Example(13, "cd x\nmake", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"a":1}                    | {"a":2}                    | true
        {"a":1}                    | {"a":1,"b":1}              | true
        {"a":[1]}                  | {"a":[1,2]}                | true
        {"a":[1,"..."]}            | {"a":[1,2]}                | false
        {"a":0.501}                | {"a":0.502}                | false
        {"a":0.5}                  | {"a":0.6}                  | true
        {"version":1,"a":"x"}      | {"version":2,"a":"x"}      | false
        {"version":1}              | {"version":"x"}            | true
        plain                      | plain                      | false
        plain                      | other                      | true
        at 2026-01-01T00:00:00Z    | at 2026-02-01T00:00:00.5Z  | false
        at 2026-01-01T00:00:00Z    | at noon                    | true
        akidb_…                    | akidb_                     | true
        abcdefgh  x                | hgfedcb1  x                | false
        a key (abcdefgh).          | a key (hgfedcb1).          | false
        a key (abcdefgh).          | a key (hgfedcb).           | true
        """)
    void seesWhatDiffersAndNotWhatChangesFromRunToRun(String expected, String printed, boolean differs) {
        assertThat(!Likeness.difference(expected, printed).isEmpty()).isEqualTo(differs);
    }
}
