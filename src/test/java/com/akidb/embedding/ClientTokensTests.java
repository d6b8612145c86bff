package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the tokens that clients with a model of their own are tested by to this server's. */
class ClientTokensTests {

    private static final Path FILE = Path.of("sdk/typescript/test/support/tokens.json");

    @Test
    void areThoseThatThisServerMakes() throws IOException {
        ModelSpec spec = RealModel.registry().resolve("all-minilm-l6-v2");
        JsonNode texts = JsonMapper.shared().readTree(Files.readAllBytes(FILE));

        assertThat(texts.size()).isGreaterThan(90);
        try (TextTokenizer tokenizer =
                TextTokenizer.open(RealModel.loader().load(spec).tokenizer(), spec.id(), spec.maxTokens())) {
            for (JsonNode each : texts) {
                String text = each.path("text").asString();
                int[] expected =
                        each.path("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
                assertThat(tokenizer.tokenize(text).ids()).as(text).isEqualTo(expected);
            }
        }
    }
}
