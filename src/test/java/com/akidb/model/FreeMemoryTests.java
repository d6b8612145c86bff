package com.akidb.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What memory a model may take, as the kernel tells it. */
class FreeMemoryTests {

    private static final long MEGABYTE = 1 << 20;

    @TempDir
    Path root;

    @Test
    void takesWhatTheKernelSaysItCanGive() throws IOException {
        write("proc/meminfo", "MemTotal: 8192000 kB\nMemFree: 100000 kB\nMemAvailable:    4096000 kB\n");

        assertThat(new FreeMemory(root).bytes()).isEqualTo(4000 * MEGABYTE);
    }

    @Test
    void takesWhatTheControlGroupHasLeftIfThatIsLess() throws IOException {
        write("proc/meminfo", "MemAvailable: 4096000 kB\n");
        write("proc/self/cgroup", "0::/akidb.service\n");
        write("sys/fs/cgroup/akidb.service/memory.max", 1000 * MEGABYTE + "\n");
        write("sys/fs/cgroup/akidb.service/memory.current", 700 * MEGABYTE + "\n");
        write("sys/fs/cgroup/akidb.service/memory.stat", "anon 1\ninactive_file " + 200 * MEGABYTE + "\n");

        assertThat(new FreeMemory(root).bytes()).isEqualTo(500 * MEGABYTE);

        write("sys/fs/cgroup/akidb.service/memory.max", "max\n");
        assertThat(new FreeMemory(root).bytes()).isEqualTo(4000 * MEGABYTE);
    }

    @Test
    void takesTheWholeMachineWhereTheSystemTellsNothingElse() {
        assertThat(new FreeMemory(root).bytes()).isGreaterThan(MEGABYTE);
    }

    @Test
    void refusesWeightsThatDoNotFitWithTheSizes() throws IOException {
        write("proc/meminfo", "MemAvailable: 512000 kB\n");
        FreeMemory memory = new FreeMemory(root);

        assertThatCode(() -> memory.require("mine", 372 * MEGABYTE)).doesNotThrowAnyException();
        assertThatThrownBy(() -> memory.require("mine", 373 * MEGABYTE))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "Model 'mine' needs 501 MB of memory, of which its weights are 373 MB, and 500 MB are free");
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
