package com.akidb.engine.embedded.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The warm-up searches for a while and gives way when it is told to. */
class SearchWarmUpTests {

    @Test
    void searchesUntilItIsStopped() {
        AtomicInteger searches = new AtomicInteger();
        new SearchWarmUp().run(() -> searches.incrementAndGet() > 200);
        assertThat(searches).hasValue(201);
    }
}
