package com.akidb.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights in safetensors: what their header says, and how a file shows that it is not whole. */
class SafetensorsTests {

    @TempDir
    Path directory;

    @Test
    void namesTheTensorsOfAFile() throws IOException {
        assertThat(Safetensors.of(file(SafetensorsBytes.of(10, "b", "a"))).tensors())
                .containsExactly("a", "b");
        assertThat(Safetensors.of(file(SafetensorsBytes.of(10))).tensors()).isEmpty();
    }

    @Test
    void noticesAFileThatIsCutShortWhereverItIsCut() {
        byte[] whole = SafetensorsBytes.of(50, "a", "b");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Safetensors.of(file(cut)))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageStartingWith("w.safetensors is");
        }
    }

    @Test
    void refusesWhatIsLongerThanItsTensorsOrNoSuchFileAtAll() {
        byte[] whole = SafetensorsBytes.of(50, "a");

        assertThatThrownBy(() -> Safetensors.of(file(Arrays.copyOf(whole, whole.length + 1))))
                .hasMessage("w.safetensors is damaged: its tensors take 50 bytes, and it has 51");
        assertThatThrownBy(() -> Safetensors.of(file("version https://git-lfs.github.com/spec/v1".getBytes())))
                .hasMessage("w.safetensors is not a safetensors file");
        assertThatThrownBy(() -> Safetensors.of(file(with("[]")))).hasMessage("w.safetensors has no readable header");
        assertThatThrownBy(() -> Safetensors.of(file(with("{\"a\": "))))
                .hasMessage("w.safetensors has no readable header");
        assertThatThrownBy(() -> Safetensors.of(file(with("{\"a\": {\"data_offsets\": [9, 2]}}"))))
                .hasMessage("w.safetensors does not say where its tensor a lies");
    }

    private static byte[] with(String header) {
        byte[] bytes = new byte[Long.BYTES + header.length()];
        bytes[0] = (byte) header.length();
        System.arraycopy(header.getBytes(), 0, bytes, Long.BYTES, header.length());
        return bytes;
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(directory.resolve("w.safetensors"), content);
    }
}
