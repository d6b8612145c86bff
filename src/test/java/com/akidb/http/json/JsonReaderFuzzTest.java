package com.akidb.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Throws random bytes at the reader and compares it with another one. Set {@code -Dakidb.seed} to repeat a run. */
class JsonReaderFuzzTest {

    private static final int ROUNDS = 60_000;
    private static final JsonMapper REFERENCE = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String[] PIECES = {
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "\\n", " ", "\n", "\t",
                "true",
        "false", "null", "0", "-", "1", "12.5", "1e5", "1E-7", "0.1", "-0", "01", "1.", ".5", "1e39", "\"a\"", "\"b\"",
        "\"a\":", "\"b\":1", "é", "😀", "NaN", "/", "+", "\u0001", "\u007f"
    };

    private final long seed = Long.getLong("akidb.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void agreesWithAnotherReaderOnWhatIsJson() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = text();
            String mine = compact(bytes);
            JsonNode reference = reference(bytes);
            String about = "seed " + seed + " round " + round + ": " + new String(bytes, StandardCharsets.UTF_8);
            if (mine != null) {
                assertThat(REFERENCE.readTree(mine)).as(about).isEqualTo(reference);
                assertThat(new JsonReader(bytes, bytes.length).tree()).as(about).isEqualTo(reference);
            } else if (reference != null) {
                assertThat(refusedForGoodReason(bytes)).as(about).isTrue();
            }
        }
    }

    @Test
    void readsNumbersOfTreesAsTheOtherReaderDoes() {
        for (String number : List.of(
                "2147483647",
                "2147483648",
                "-2147483648",
                "-2147483649",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775809",
                "1e2",
                "1.0",
                "-0",
                "-0.0",
                "0.1")) {
            byte[] bytes = number.getBytes(StandardCharsets.UTF_8);

            assertThat(new JsonReader(bytes, bytes.length).tree()).isEqualTo(REFERENCE.readTree(number));
        }
    }

    @Test
    void failsOnlyWithNamedErrorsWhateverTheBytes() {
        Fields fields = Fields.of("a", "b");
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = text();
            try {
                JsonReader reader = new JsonReader(bytes, bytes.length);
                reader.object(fields, (json, name) -> any(json));
                reader.end();
            } catch (InvalidInputException named) {
                assertThat(named.detail()).as("seed " + seed).isNotEmpty();
            }
        }
    }

    private void any(JsonReader json) {
        switch (random.nextInt(8)) {
            case 0 -> json.string();
            case 1 -> json.integer(0, 100);
            case 2 -> json.floats();
            case 3 -> json.bool();
            case 4 -> json.array("an array", (item, index) -> any(item));
            case 5 -> json.number();
            case 6 -> json.tree();
            default -> json.raw();
        }
    }

    @Test
    void readsFloatsLikeTheJdk() {
        for (int round = 0; round < 200_000; round++) {
            String number = number();
            String about = "seed " + seed + ": " + number;
            float expected = Float.parseFloat(number);
            byte[] bytes = ("[" + number + "]").getBytes(StandardCharsets.UTF_8);
            try {
                float actual = new JsonReader(bytes, bytes.length).floats()[0];
                assertThat(Float.floatToIntBits(actual)).as(about).isEqualTo(Float.floatToIntBits(expected));
            } catch (InvalidInputException e) {
                assertThat(e.code()).as(about).isEqualTo(ErrorCode.OUT_OF_RANGE);
                assertThat(expected).as(about).isInfinite();
            }
        }
    }

    @Test
    void readsNumbersInTheMiddleBetweenTwoFloatsLikeTheJdk() {
        for (int round = 0; round < 50_000; round++) {
            float low = Math.abs(Float.intBitsToFloat(random.nextInt(0x3F800000 - 0x30000000) + 0x30000000));
            java.math.BigDecimal middle = new java.math.BigDecimal(low)
                    .add(new java.math.BigDecimal(Math.nextUp(low)))
                    .divide(java.math.BigDecimal.TWO);
            String number = random.nextBoolean()
                    ? middle.toPlainString()
                    : middle.round(new java.math.MathContext(15 + random.nextInt(10)))
                            .toPlainString();
            byte[] bytes = number.getBytes(StandardCharsets.UTF_8);

            assertThat(new JsonReader(bytes, bytes.length).number())
                    .as("seed " + seed + ": " + number)
                    .isEqualTo(Float.parseFloat(number));
        }
    }

    private String number() {
        return switch (random.nextInt(6)) {
            case 0 -> Float.toString(finite(Float.intBitsToFloat(random.nextInt())));
            case 1 -> Double.toString((double) finite(Float.intBitsToFloat(random.nextInt())));
            case 2 -> Integer.toString(random.nextInt());
            case 3 -> (random.nextBoolean() ? "-" : "") + random.nextInt(1000) + "." + Math.abs(random.nextLong());
            case 4 -> random.nextInt(10) + "e" + (random.nextInt(100) - 50);
            default -> Double.toString(random.nextGaussian() / 20);
        };
    }

    private static float finite(float value) {
        return Float.isFinite(value) ? value : 1.5f;
    }

    private byte[] text() {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static @Nullable String compact(byte[] bytes) {
        try {
            JsonReader reader = new JsonReader(bytes, bytes.length);
            String json = reader.raw();
            reader.end();
            return json;
        } catch (InvalidInputException refused) {
            return null;
        }
    }

    private static @Nullable JsonNode reference(byte[] bytes) {
        try {
            JsonNode node = REFERENCE.readTree(new String(bytes, StandardCharsets.UTF_8));
            return node.isMissingNode() ? null : node;
        } catch (JacksonException refused) {
            return null;
        }
    }

    /** What the other reader lets pass: halves of surrogate pairs, bytes that are no UTF-8, infinite numbers. */
    private static boolean refusedForGoodReason(byte[] bytes) {
        try {
            JsonReader reader = new JsonReader(bytes, bytes.length);
            reader.raw();
            reader.end();
            return false;
        } catch (InvalidInputException e) {
            return e.detail().contains("surrogate")
                    || e.detail().contains("UTF-8")
                    || e.code() == ErrorCode.OUT_OF_RANGE;
        }
    }
}
