package com.akidb.security.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.UnauthenticatedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which key came with a request. */
class KeyHeadersTests {

    @ParameterizedTest
    @ValueSource(strings = {"Bearer abc", "bearer abc", "BEARER\tabc", "  Bearer   abc  "})
    void takesTheKeyAfterBearer(String authorization) {
        assertThat(KeyHeaders.key(List.of(authorization), List.of())).isEqualTo("abc");
    }

    @Test
    void takesTheKeyOfItsOwnHeaderAndOfBothIfTheyAgree() {
        assertThat(KeyHeaders.key(List.of(), List.of(" abc "))).isEqualTo("abc");
        assertThat(KeyHeaders.key(List.of("Bearer abc"), List.of("abc"))).isEqualTo("abc");
    }

    @Test
    void leavesOtherSchemesToProxiesIfThereIsAKey() {
        assertThat(KeyHeaders.key(List.of("Basic dTpw"), List.of("abc"))).isEqualTo("abc");
        refused("Authorization must be 'Bearer KEY'", List.of("Basic dTpw"), List.of());
        refused("Authorization must be 'Bearer KEY'", List.of("Bearerabc"), List.of());
    }

    @Test
    void saysWhatIsWrongWithoutRepeatingIt() {
        refused("An API key is needed", List.of(), List.of());
        refused("Authorization has no key", List.of("Bearer"), List.of());
        refused("Authorization has no key", List.of("Bearer   "), List.of());
        refused("X-API-Key has no key", List.of("Bearer abc"), List.of(""));
        refused("Two different API keys", List.of("Bearer abc"), List.of("abd"));
        refused("Two different API keys", List.of("Bearer abc", "Bearer abd"), List.of());
        refused("has characters that no key has", List.of("Bearer abc def"), List.of());
        refused("has characters that no key has", List.of(), List.of("schlüssel"));
        refused("has characters that no key has", List.of(), List.of("abc\u0000"));
        refused("longer than any key", List.of(), List.of("a".repeat(100_000)));
    }

    private static void refused(String why, List<String> authorization, List<String> apiKey) {
        assertThatThrownBy(() -> KeyHeaders.key(authorization, apiKey))
                .isInstanceOf(UnauthenticatedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void neverFailsOtherwiseWhateverBytesCome() {
        long seed = Long.getLong("akidb.test.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            List<String> authorization = values(random);
            List<String> apiKey = values(random);
            try {
                String key = KeyHeaders.key(authorization, apiKey);
                assertThat(key).as("seed %d", seed).matches("[!-~]{1,256}");
                KeySecret.idOf(key);
            } catch (UnauthenticatedException refused) {
                assertThat(refused.detail()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    private static List<String> values(Random random) {
        List<String> values = new ArrayList<>();
        for (int count = random.nextInt(3); count > 0; count--) {
            byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 400 : 24)];
            random.nextBytes(bytes);
            String text =
                    new String(bytes, random.nextBoolean() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
            values.add((random.nextBoolean() ? "Bearer " : "") + (random.nextBoolean() ? "k" : text));
        }
        return values;
    }
}
