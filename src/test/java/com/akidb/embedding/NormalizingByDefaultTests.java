package com.akidb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.akidb.account.Account;
import com.akidb.embedding.EmbeddingRequest.InputType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether vectors are scaled: as the request says, else as the configuration says. */
class NormalizingByDefaultTests {

    @Test
    void followsTheRequestAndElseTheConfiguration() {
        try (LocalEmbeddingManager scaling = RealModel.manager();
                LocalEmbeddingManager raw = RealModel.managerWithoutNormalizing()) {
            double norm = norm(raw, null);

            assertThat(norm(scaling, null)).isCloseTo(1, within(1e-5));
            assertThat(norm(raw, true)).isCloseTo(1, within(1e-5));
            assertThat(norm).isGreaterThan(1.1);
            assertThat(norm(scaling, false)).isCloseTo(norm, within(1e-4));
        }
    }

    private static double norm(LocalEmbeddingManager manager, @Nullable Boolean normalize) {
        EmbeddingRequest request = new EmbeddingRequest(
                List.of("A rope holds the boat."),
                null,
                null,
                normalize,
                null,
                InputType.NONE,
                true,
                false,
                EmbeddingRequest.DEFAULT_TIMEOUT,
                Account.SERVER);
        double squares = 0;
        for (float x : manager.embed(request).join().vectors().getFirst()) {
            squares += (double) x * x;
        }
        return Math.sqrt(squares);
    }
}
