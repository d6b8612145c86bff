package com.akidb.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.engine.Row;
import com.akidb.engine.embedded.index.RowChange;
import com.akidb.junit.InterleavingTest;
import com.akidb.junit.Threads;
import com.github.benmanes.caffeine.cache.Cache;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

class RowCacheInterleavingTests {

    private static final long ROW = 7;

    private final Cache<RowCache.Key, Row> shared = RowCache.bounded(1 << 20);
    private final RowCache cache = new RowCache(shared, UUID.randomUUID(), ROW);

    /** What the store has; changes before the cache hears of it, as a commit does. */
    private volatile @Nullable Row stored = row(1);

    /** The last commit that readers know of. */
    private volatile long published = 1;

    private static Row row(long version) {
        return new Row(ROW, version, Instant.EPOCH, List.of("text " + version));
    }

    private void commit(long version, @Nullable Row row) {
        stored = row;
        cache.committed(List.of(new RowChange(ROW, row == null ? null : row.values())));
        published = version;
    }

    private void read() {
        long mark = cache.mark();
        Row row = stored;
        if (row != null) {
            cache.put(row, mark);
        }
    }

    private void neverFindsARowOlderThanWhatIsPublished() {
        long known = published;
        Row row = cache.get(ROW);
        assertThat(row == null || row.version() >= known).isTrue();
    }

    @InterleavingTest
    void keepsNoRowThatACommitReplacedWhileItWasRead() throws Exception {
        Threads.start(() -> commit(2, row(2)), this::read, () -> {
                    read();
                    neverFindsARowOlderThanWhatIsPublished();
                })
                .join();
        neverFindsARowOlderThanWhatIsPublished();
    }

    @InterleavingTest
    void keepsNoRowThatACommitTookAwayWhileItWasRead() throws Exception {
        Threads.start(() -> commit(2, null), this::read, this::read).join();
        assertThat(cache.get(ROW)).isNull();
    }

    @InterleavingTest
    void keepsNothingThatWasReadBeforeItWasCleared() throws Exception {
        Row row = row(1);
        long mark = cache.mark();
        Threads.start(cache::clear, () -> cache.put(row, mark)).join();
        assertThat(cache.get(ROW)).isNull();
    }
}
