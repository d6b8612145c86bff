package com.akidb.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallDeadlinesTests {

    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

    private final CallDeadlines deadlines = new CallDeadlines(Duration.ofMinutes(10));

    @ParameterizedTest
    @CsvSource({
        "5S, 5S",
        "600S, 600S",
        "99999999n, 99999999n",
        "10M, 10M",
        "601S, 600000m",
        "11M, 600000m",
        "99999999H, 600000m",
        "soon, soon",
        "999999999H, 999999999H"
    })
    void leavesShorterDeadlinesAndCutsLongerOnes(String asked, String given) {
        assertThat(timeout("akidb.embedding.EmbeddingService/Embed", asked)).isEqualTo(given);
    }

    @Test
    void setsOneWhereTheClientDoesNotAndRemembersThat() {
        assertThat(timeout("akidb.embedding.EmbeddingService/Embed", null)).isEqualTo("600000m");
        assertThat(isSetHere(null)).isTrue();
        assertThat(isSetHere("5S")).isFalse();
        assertThat(isSetHere("99999999H")).isFalse();
    }

    @Test
    void leavesStreamsOfOtherServicesOpen() {
        assertThat(timeout("grpc.health.v1.Health/Watch", null)).isNull();
    }

    private @Nullable String timeout(String method, @Nullable String asked) {
        Metadata headers = headers(asked);
        deadlines.newServerStreamTracer(method, headers);
        return headers.get(TIMEOUT);
    }

    private boolean isSetHere(@Nullable String asked) {
        ServerStreamTracer tracer =
                deadlines.newServerStreamTracer("akidb.embedding.EmbeddingService/Embed", headers(asked));
        Context before = tracer.filterContext(Context.ROOT).attach();
        try {
            return CallDeadlines.isSetHere();
        } finally {
            Context.current().detach(before);
        }
    }

    private static Metadata headers(@Nullable String timeout) {
        Metadata headers = new Metadata();
        if (timeout != null) {
            headers.put(TIMEOUT, timeout);
        }
        return headers;
    }
}
