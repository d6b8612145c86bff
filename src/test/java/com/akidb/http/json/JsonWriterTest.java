package com.akidb.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonWriterTest {

    private static String text(JsonWriter json) {
        return new String(json.array(), 0, json.size(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "quote \" and \\ back", "\n\r\t\b\f\u0000\u001f", "é 😀 \u2028", "/"})
    void writesStringsThatReadBackAsTheyWere(String value) {
        String json = text(new JsonWriter(1).value(value));

        assertThat(JsonMapper.builder().build().readTree(json).asString()).isEqualTo(value);
    }

    @Test
    void writesLongTextsThatReadBackAsTheyWereWhereverTheyAreCut() {
        for (String unit : List.of("a", "é", "日本", "😀", "a😀", "\"\\\n", "plain and é")) {
            for (String before : List.of("", "x", "xy")) {
                String value = before + unit.repeat(100_000 / unit.length());
                assertThat(JsonMapper.builder()
                                .build()
                                .readTree(text(new JsonWriter(1).value(value)))
                                .asString())
                        .isEqualTo(value);
            }
        }
        String halves = "\ud83d".repeat(40_000);
        assertThat(text(new JsonWriter(1).value(halves))).isEqualTo('"' + "?".repeat(40_000) + '"');
    }

    @Test
    void writesFloatsThatReadBackAsTheyWereInTheFewestDigits() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        float[] values = new float[10_000];
        for (int i = 0; i < values.length; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            values[i] = Float.isFinite(value) ? value : 0.1f;
        }

        byte[] json = text(new JsonWriter(16).value(values)).getBytes(StandardCharsets.UTF_8);

        assertThat(new JsonReader(json, json.length).floats())
                .as("seed " + seed)
                .isEqualTo(values);
        assertThat(text(new JsonWriter(16).value(new float[] {0.1f, 1, -2.5e-10f})))
                .isEqualTo("[0.1,1.0,-2.5E-10]");
    }

    @Test
    void writesWhatJsonLacksAsNull() {
        assertThat(text(new JsonWriter(4).value(Float.NaN))).isEqualTo("null");
        assertThat(text(new JsonWriter(4).value((String) null))).isEqualTo("null");
        assertThat(text(new JsonWriter(4).json(null))).isEqualTo("null");
    }

    @Test
    void writesNumbersAndBooleans() {
        assertThat(text(new JsonWriter(1)
                        .value(Long.MIN_VALUE)
                        .put(',')
                        .value(true)
                        .put(',')
                        .value(0.5f)))
                .isEqualTo("-9223372036854775808,true,0.5");
    }

    @Test
    void writesArraysAndObjectsWithTheirCommas() {
        JsonWriter json = new JsonWriter(1)
                .array(List.<String>of(), JsonWriter::value)
                .array(List.of(1L, 2L), (to, number) -> to.value(number.longValue()))
                .strings(List.of("a", "b"))
                .numbers(new TreeMap<>(Map.of("x", 1, "y", 2L)));

        assertThat(text(json)).isEqualTo("[][1,2][\"a\",\"b\"]{\"x\":1,\"y\":2}");
    }

    @Test
    void writesLargeTextsInPiecesThatMakeTheSameWhole() {
        JsonWriter json = new JsonWriter(16);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            String text = Integer.toString(i).repeat(50_000);
            json.value(text);
            expected.append('"').append(text).append('"');
        }
        StringBuilder joined = new StringBuilder();
        json.pieces().forEach(piece -> joined.append(StandardCharsets.UTF_8.decode(piece)));

        assertThat(json.pieces()).hasSizeGreaterThan(2);
        assertThat(joined.toString()).isEqualTo(expected.toString());
        assertThat(json.size()).isEqualTo(expected.length());
        assertThat(new String(json.array(), 0, json.size(), StandardCharsets.UTF_8))
                .isEqualTo(expected.toString());
        assertThat(json.put('x').size()).isEqualTo(expected.length() + 1);
    }
}
