package com.akidb.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.OverloadedException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MemoryBudgetTests {

    private static final long MOST = 16L << 20;

    private final MemoryBudget budget = new MemoryBudget(MOST);

    private RequestMemory request() {
        return new RequestMemory(budget, "It is full");
    }

    @Test
    void refusesAtOnceWhatOthersLeaveNoRoomFor() {
        request().take(10L << 20);
        assertThatThrownBy(() -> request().take(8L << 20))
                .isInstanceOf(OverloadedException.class)
                .hasMessage("It is full; try again later");
        assertThat(budget.held()).isEqualTo(10L << 20);
    }

    @Test
    void keepsTheLastQuarterForThoseWhoNeedLittle() {
        request().take(12L << 20);
        assertThatThrownBy(() -> request().take(1L << 20)).isInstanceOf(OverloadedException.class);
        request().take(200L << 10);
        assertThat(budget.held()).isGreaterThan(12L << 20);
    }

    @Test
    void givesTheFirstPieceToWhoIsAloneAndNoMoreThanAllOfIt() {
        RequestMemory large = request();
        large.take(MOST + 1);
        assertThatThrownBy(() -> large.take(1)).isInstanceOf(OverloadedException.class);
        large.close();

        RequestMemory growing = request();
        growing.take(MOST / 2);
        growing.take(MOST / 2);
        assertThatThrownBy(() -> growing.take(1)).isInstanceOf(OverloadedException.class);
    }

    @Test
    void getsBackWhatIsClosedOrReplacedBySomethingSmaller() {
        RequestMemory request = request();
        request.take(10L << 20);
        request.holdInstead(1L << 20);
        assertThat(budget.held()).isEqualTo(1L << 20);
        request.close();
        request.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void countsWhatIsUsedAgainOnce() {
        RequestMemory request = request();
        for (int page = 0; page < 10; page++) {
            request.reuse();
            request.take(5L << 20);
        }
        assertThat(budget.held()).isEqualTo(5L << 20);
    }

    @Test
    void givesNothingToARequestThatIsOver() {
        RequestMemory request = request();
        request.close();
        request.take(5L << 20);
        assertThat(budget.held()).isZero();
    }

    @Test
    void takesFromTheRequestThatAThreadWorksFor() throws InterruptedException {
        RequestMemory request = request();
        Supplier<Boolean> carried = request.during(() -> RequestMemory.carried(() -> {
            RequestMemory.takeOfCurrent(7);
            return true;
        }));
        AtomicBoolean done = new AtomicBoolean();
        Thread other = Thread.ofPlatform().unstarted(() -> done.set(carried.get()));
        other.start();
        other.join();
        assertThat(done).isTrue();
        RequestMemory.takeOfCurrent(100);
        assertThat(budget.held()).isEqualTo(7);
    }
}
