package com.akidb.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds docs/configuration.md to the keys in the code; with -Dakidb.test.write-docs=true it writes them there. */
class ConfigurationDocsTests {

    private static final Path DOCS = Path.of("docs/configuration.md");
    private static final String BEGIN = "<!-- keys: written by ConfigurationDocsTests -->\n";
    private static final String END = "<!-- end of keys -->\n";

    @Test
    void explainsEveryKeyWithItsTypeAndDefault() throws IOException {
        String docs = Files.readString(DOCS);
        String before = docs.substring(0, docs.indexOf(BEGIN) + BEGIN.length());
        String after = docs.substring(docs.indexOf(END));
        String expected = before + tables() + after;
        if (Boolean.getBoolean("akidb.test.write-docs")) {
            Files.writeString(DOCS, expected);
        }
        assertThat(Files.readString(DOCS)).isEqualTo(expected);
    }

    private static String tables() throws IOException {
        Map<String, StringBuilder> groups = new TreeMap<>();
        for (JsonNode property : metadata().path("properties")) {
            String name = property.path("name").asString();
            if (name.startsWith("akidb.")) {
                assertThat(property.path("description").asString(""))
                        .as("description of " + name)
                        .isNotBlank();
                String group = name.substring(0, name.lastIndexOf('.'));
                groups.computeIfAbsent(group, key -> new StringBuilder(heading(key)))
                        .append(row(property));
            }
        }
        return String.join("", groups.values());
    }

    private static String heading(String group) {
        return "\n### `" + group + "`\n\n| key | type | default | meaning |\n|---|---|---|---|\n";
    }

    private static String row(JsonNode property) {
        String name = property.path("name").asString();
        String key = name.substring(name.lastIndexOf('.') + 1);
        JsonNode value = property.path("defaultValue");
        String standard = value.isMissingNode() || value.isEmpty() && value.isArray()
                ? ""
                : "`" + (value.isString() ? value.asString() : value.toString()) + "`";
        String meaning = property.path("description")
                .asString()
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replaceAll("\\{@link ([^}]*)}", "`$1`")
                .replace("|", "\\|");
        return "| `" + key + "` | " + type(property.path("type").asString()) + " | " + standard + " | " + meaning
                + " |\n";
    }

    private static String type(String name) {
        if (name.startsWith("java.util.List<")) {
            return "list";
        }
        if (name.startsWith("java.util.Map<")) {
            return "map";
        }
        return switch (name) {
            case "java.lang.Integer", "java.lang.Long" -> "whole number";
            case "java.lang.Double", "java.lang.Float" -> "number";
            case "java.lang.Boolean" -> "true or false";
            case "java.lang.String", "java.net.URI" -> "text";
            case "java.nio.file.Path" -> "path";
            case "java.time.Duration" -> "duration";
            case "org.springframework.util.unit.DataSize" -> "size";
            default -> "one word";
        };
    }

    private static JsonNode metadata() throws IOException {
        try (InputStream in =
                Files.newInputStream(Path.of("target/classes/META-INF/spring-configuration-metadata.json"))) {
            return JsonMapper.shared().readTree(in);
        }
    }
}
