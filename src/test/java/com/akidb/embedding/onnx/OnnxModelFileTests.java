package com.akidb.embedding.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnxruntime.OrtException;
import com.akidb.embedding.RealModel;
import com.akidb.embedding.onnx.OnnxModel.Buffers;
import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.UnavailableException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxModelFileTests {

    private final ModelSpec spec = RealModel.registry().defaultModel();
    private final ModelFiles files = RealModel.loader().load(spec);

    @TempDir
    private Path directory;

    @Test
    void saysThatTheModelFileIsMissing() {
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> OnnxModel.open(at(directory.resolve("model.onnx")), "mini", 384, 1))
                .withMessage("Model 'mini': its file model.onnx is missing");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1000, 50_000_000, 90_387_605})
    void saysThatTheModelFileIsCut(long size) throws IOException {
        Path cut = directory.resolve("model.onnx");
        Files.copy(files.model(), cut);
        try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }

        assertThatExceptionOfType(CorruptDataException.class)
                .isThrownBy(() -> OnnxModel.open(at(cut), "mini", 384, 1))
                .satisfies(OnnxModelFileTests::tellsNoPath);
        assertThatExceptionOfType(CorruptDataException.class)
                .isThrownBy(() -> OnnxModel.open(at(cut).inCache(), "mini", 384, 1))
                .satisfies(OnnxModelFileTests::tellsNoPath);
    }

    @Test
    void saysThatTheDimensionIsNotTheRegistrys() {
        assertThatExceptionOfType(CorruptDataException.class)
                .isThrownBy(() -> OnnxModel.open(files, "mini", 512, 1))
                .withMessageContaining("none of which holds the states of tokens in dimension 512");
    }

    @Test
    void computesTheSameFromMappedWeights() throws OrtException {
        assertThat(files.replacedWhole()).isTrue();
        assertThat(states(files)).isEqualTo(states(at(files.model())));
    }

    private static float[] states(ModelFiles files) throws OrtException {
        try (OnnxModel model = OnnxModel.open(files, "mini", 384, 1)) {
            Buffers buffers = new Buffers(384, 16);
            buffers.fill(List.of(new int[] {101, 7592, 2088, 102}, new int[] {101, 29999, 102}), 4);
            model.run(buffers, 2, 4);
            float[] states = new float[2 * 4 * 384];
            buffers.states().get(0, states);
            return states;
        }
    }

    private static ModelFiles at(Path file) {
        return new ModelFiles(file, file, "any", 1);
    }

    private static void tellsNoPath(AkidbException failure) {
        assertThat(failure.detail()).doesNotContain("/");
    }
}
