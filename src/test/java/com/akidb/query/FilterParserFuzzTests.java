package com.akidb.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.error.InvalidInputException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever JSON comes, the parser reads it or refuses it by name; it never fails in another way. */
class FilterParserFuzzTests {

    private static final List<String> KEYS = List.of("column", "operator", "value", "and", "or", "not", "colum", "");
    private static final List<String> WORDS = List.of(
            "=",
            "!=",
            "<",
            "<=",
            ">",
            ">=",
            "in",
            "not in",
            "like",
            "is null",
            "IS NOT NULL",
            "a.b",
            "x%_\\",
            "",
            "\ud800");
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void readsOrRefusesAnyTree() {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        int read = 0;
        for (int round = 0; round < 50_000; round++) {
            JsonNode tree = random.nextInt(4) == 0 ? tree(random, 0) : filter(random, 0);
            try {
                FilterParser.parse(tree, "filter");
                read++;
            } catch (InvalidInputException refused) {
                assertThat(refused.field()).isPresent();
                assertThat(refused.detail())
                        .startsWith(refused.field().orElseThrow())
                        .hasSizeLessThan(1_000);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round + ": " + tree, e);
            }
        }
        assertThat(read).as("seed %s", seed).isBetween(1_000, 49_000);
    }

    /** Mostly a filter, so that the deeper parts are reached. */
    private static JsonNode filter(SplittableRandom random, int depth) {
        ObjectNode node = JSON.createObjectNode();
        switch (random.nextInt(depth > 6 ? 4 : 8)) {
            case 4 -> node.set("not", filter(random, depth + 1));
            case 5, 6 -> {
                return filters(random, depth);
            }
            case 7 -> node.set(random.nextBoolean() ? "and" : "or", filters(random, depth));
            default -> {
                node.put("column", "a");
                node.put("operator", WORDS.get(random.nextInt(random.nextInt(20) == 0 ? WORDS.size() : 11)));
                if (random.nextInt(8) > 0) {
                    node.set("value", random.nextInt(10) == 0 ? tree(random, 6) : leaf(random));
                }
            }
        }
        return node;
    }

    private static ArrayNode filters(SplittableRandom random, int depth) {
        ArrayNode list = JSON.createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(filter(random, depth + 1));
        }
        return list;
    }

    private static JsonNode tree(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 40 ? 2 : 6)) {
            case 2, 3 -> {
                ArrayNode list = JSON.createArrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    list.add(tree(random, depth + 1));
                }
                yield list;
            }
            case 4, 5 -> {
                ObjectNode node = JSON.createObjectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    node.set(KEYS.get(random.nextInt(KEYS.size())), tree(random, depth + 1));
                }
                yield node;
            }
            default -> leaf(random);
        };
    }

    private static JsonNode leaf(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> JSON.getNodeFactory().nullNode();
            case 1 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case 2 -> JSON.getNodeFactory().numberNode(random.nextLong());
            case 3 -> JSON.getNodeFactory().numberNode(Double.longBitsToDouble(random.nextLong()));
            case 4 -> JSON.readTree(random.nextBoolean() ? "123456789012345678901234567890" : "1e999");
            default -> JSON.getNodeFactory().stringNode(WORDS.get(random.nextInt(WORDS.size())));
        };
    }
}
