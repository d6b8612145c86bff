package com.akidb.engine.embedded.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.embedded.catalog.Catalog;
import com.akidb.engine.embedded.catalog.TableLayout;
import com.akidb.engine.embedded.catalog.TableNames;
import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WriteQueueTests {

    private final TableRecord table = new TableRecord(
            UUID.randomUUID(),
            TableLayout.fresh(new TableNames(1), Fixtures.documents("t")),
            Instant.EPOCH,
            new TableRecord.Progress(1, 1, 0, 0, Map.of()),
            List.of());

    @Test
    void refusesAtOnceWhatIsBeyondItsNumber() {
        WriteQueue queue = new WriteQueue(2, 1_000);
        queue.add(rows(1));
        queue.add(rows(1));
        assertThatThrownBy(() -> queue.add(rows(1)))
                .isInstanceOfSatisfying(
                        OverloadedException.class,
                        e -> assertThat(e.retryAfter()).isPositive());
        assertThat(queue.depth()).isEqualTo(2);
        queue.take();
        queue.add(rows(1));
    }

    @Test
    void refusesAtOnceWhatIsBeyondItsMemoryButTakesAnythingWhenItIsEmpty() {
        WriteQueue queue = new WriteQueue(10, 1_000);
        queue.add(rows(5_000));
        assertThatThrownBy(() -> queue.add(rows(1))).isInstanceOf(OverloadedException.class);
        queue.take();
        queue.add(rows(600));
        assertThatThrownBy(() -> queue.add(rows(600))).isInstanceOf(OverloadedException.class);
        queue.add(rows(400));
    }

    @Test
    void handsOutRowsTogetherAndAChangeOfStructureByItself() {
        WriteQueue queue = new WriteQueue(10, 1_000);
        WriteTask first = rows(1);
        WriteTask second = rows(1);
        WriteTask structure = new WriteTask.Structure<>(new Nothing(), new CompletableFuture<>(), () -> false);
        WriteTask third = rows(1);
        List.of(first, second, structure, third).forEach(queue::add);
        assertThat(queue.take()).containsExactly(first, second);
        assertThat(queue.take()).containsExactly(structure);
        assertThat(queue.take()).containsExactly(third);
    }

    @Test
    void handsOutNoMoreThanMayShareACommit() {
        WriteQueue queue = new WriteQueue(10, 100L << 20);
        WriteTask large = rows(15L << 20);
        WriteTask next = rows(2L << 20);
        queue.add(large);
        queue.add(next);
        assertThat(queue.take()).containsExactly(large);
        assertThat(queue.take()).containsExactly(next);
    }

    @Test
    void handsOutTheRestWhenItIsClosedAndThenNothing() {
        WriteQueue queue = new WriteQueue(10, 1_000);
        WriteTask task = rows(1);
        queue.add(task);
        queue.close();
        assertThatThrownBy(() -> queue.add(rows(1))).isInstanceOf(UnavailableException.class);
        assertThat(queue.take()).containsExactly(task);
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void handsOutEveryTaskOnceWhileManyAddAndItIsClosed() throws Exception {
        for (int round = 0; round < 50; round++) {
            WriteQueue queue = new WriteQueue(20, 1_000);
            AtomicInteger accepted = new AtomicInteger();
            CompletableFuture<Integer> taken = new CompletableFuture<>();
            Thread taker = Thread.ofPlatform().start(() -> {
                int count = 0;
                for (List<WriteTask> group = queue.take(); !group.isEmpty(); group = queue.take()) {
                    count += group.size();
                }
                taken.complete(count);
            });
            List<Thread> adders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                adders.add(Thread.ofPlatform().start(() -> addUntilClosed(queue, accepted)));
            }
            while (accepted.get() < 500) {
                Thread.onSpinWait();
            }
            queue.close();
            for (Thread adder : adders) {
                adder.join();
            }
            taker.join();
            assertThat(taken).isCompletedWithValue(accepted.get());
            assertThat(queue.depth()).isZero();
        }
    }

    private void addUntilClosed(WriteQueue queue, AtomicInteger accepted) {
        while (true) {
            try {
                queue.add(rows(10));
                accepted.incrementAndGet();
            } catch (OverloadedException full) {
                Thread.yield();
            } catch (UnavailableException closed) {
                return;
            }
        }
    }

    private WriteTask rows(long weight) {
        return new WriteTask.Rows(
                List.of(new WriteTask.Part(
                        table,
                        table.layout(),
                        new Mutation.Delete(RowSelection.keys()),
                        Table.ANY_COLUMNS,
                        null,
                        null)),
                weight,
                new CompletableFuture<>(),
                () -> false);
    }

    private static final class Nothing implements WriteTask.Change<Integer> {
        @Override
        public Integer apply(Catalog catalog, long version) {
            return 0;
        }

        @Override
        public void committed(Integer result) {}
    }
}
