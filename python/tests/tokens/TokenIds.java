package com.akidb.embedding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the token ids that the server gives texts, which come as lines of base64. */
class TokenIds {

    public static void main(String[] arguments) throws IOException {
        Path tokenizer = Path.of(arguments[0]);
        int maxTokens = Integer.parseInt(arguments[1]);
        List<String> lines = new ArrayList<>();
        try (TextTokenizer tokens = TextTokenizer.open(tokenizer, "test", maxTokens)) {
            for (String line : Files.readAllLines(Path.of(arguments[2]))) {
                String text = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
                lines.add(Arrays.stream(tokens.tokenize(text).ids())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(" ")));
            }
        }
        Files.write(Path.of(arguments[3]), lines);
    }
}
