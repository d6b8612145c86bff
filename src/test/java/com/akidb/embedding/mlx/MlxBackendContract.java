package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.embedding.EmbeddingBackend.BatchPolicy;
import com.akidb.embedding.EmbeddingBackend.TokenBackend;
import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import com.akidb.embedding.EmbeddingBackendContract;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** MLX workers as a backend, of either isolation. Starting Python takes seconds, so the tests share the workers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MlxBackendContract extends EmbeddingBackendContract {

    private final Isolation isolation;
    private MlxBackendFactory factory;
    private TokenBackend shared;

    MlxBackendContract(Isolation isolation) {
        this.isolation = isolation;
    }

    @BeforeAll
    void openWorkers() {
        MlxTesting.require(isolation);
        Path folder = MlxTesting.model("qwen3-float32");
        factory = new MlxBackendFactory(MlxTesting.settings(isolation, List.of()), new SimpleMeterRegistry());
        ModelFiles files = new ModelFiles(folder, folder.resolve("tokenizer.json"), "none", 1_000_000);
        shared = (TokenBackend) factory.open(spec(folder), files);
    }

    @Test
    void leavesNothingBehindInTheJvmAfterACall() throws Exception {
        TokenBatch batch = new TokenBatch(List.of(new int[] {1, 2, 3}), Pooling.LAST);
        shared.encode(batch);
        long before = views();
        for (int call = 0; call < 100; call++) {
            shared.encode(batch);
        }
        assertThat(views() - before).isLessThan(20);
    }

    /** How many of Python's memoryviews live: GraalPy keeps those that native code has read. */
    private static long views() throws JMException, ClassNotFoundException {
        String view = Class.forName("com.oracle.graal.python.builtins.objects.memoryview.PMemoryView")
                .getName();
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {null},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .filter(line -> line.contains(view))
                .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[1]))
                .sum();
    }

    static ModelSpec spec(Path folder) {
        ModelSource source = new ModelSource.LocalDirectory(folder.toString(), "model.safetensors", "tokenizer.json");
        return new ModelSpec(
                "small", List.of(), "mlx", 64, 128, Pooling.MEAN, "", true, "", 64, "sentence", source, null);
    }

    @AfterAll
    void closeWorkers() {
        if (shared != null) {
            shared.close();
            factory.close();
        }
    }

    @Override
    protected TokenBackend open() {
        return new TokenBackend() {
            @Override
            public void warmUp() {
                shared.warmUp();
            }

            @Override
            public float[][] encode(TokenBatch batch) {
                return shared.encode(batch);
            }

            @Override
            public int parallelism() {
                return shared.parallelism();
            }

            @Override
            public BatchPolicy batchPolicy() {
                return shared.batchPolicy();
            }

            @Override
            public void close() {
                // The next test uses it as well.
            }
        };
    }

    @Override
    protected int dimension() {
        return 64;
    }

    @Override
    protected int vocabulary() {
        return 128;
    }
}
