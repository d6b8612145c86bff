package com.akidb.embedding.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class MlxEnvironmentTests {

    private static final boolean HAS_PYTHON =
            MlxEnvironmentTests.class.getClassLoader().getResource("com/oracle/graal/python/PythonLanguage.class")
                    != null;

    @TempDir
    private Path folder;

    @Test
    void saysThatTheBuildHasNoPython() {
        assumeTrue(!HAS_PYTHON, "This build has Python");
        assertThat(lacking(null, Isolation.THREAD, Map.of(), "Linux")).contains("the Maven profile mlx");
    }

    @Test
    void saysThatTheBindingWasNotBuilt() {
        assumeTrue(HAS_PYTHON, "This build has no Python: mvn -Pmlx");
        Map<String, String> variables = Map.of("AKIDB_MLX_CACHE", folder.toString());
        assertThat(lacking(null, Isolation.THREAD, variables, "Linux"))
                .isEqualTo("It runs on MLX workers, and MLX's binding has not been built;"
                        + " run python3 python/mlx_core/build.py");
        assertThat(lacking(folder, Isolation.THREAD, variables, "Linux"))
                .contains("akidb.mlx.site has no binding of MLX");
    }

    @Test
    void takesTheBindingThatWasBuiltLast() throws IOException {
        assumeTrue(HAS_PYTHON, "This build has no Python: mvn -Pmlx");
        Path older = site("graalpy-1");
        Path newer = site("graalpy-2");
        site("cpython-3");
        assertThat(older.toFile().setLastModified(1_000_000)).isTrue();
        assertThat(newer.toFile().setLastModified(2_000_000)).isTrue();
        assertThat(search(null, Isolation.THREAD, Map.of("AKIDB_MLX_CACHE", folder.toString()), "Linux"))
                .isEqualTo(new MlxEnvironment.Search.Found(new MlxEnvironment(newer, "")));
    }

    @Test
    void asksForPatchelfAndLinuxOnlyWhereEachWorkerHasItsOwnPython() throws IOException {
        assumeTrue(HAS_PYTHON, "This build has no Python: mvn -Pmlx");
        Path site = site("graalpy-1");
        assertThat(search(site, Isolation.THREAD, Map.of(), "Mac OS X"))
                .isInstanceOf(MlxEnvironment.Search.Found.class);
        assertThat(lacking(site, Isolation.CONTEXT, Map.of(), "Mac OS X")).contains("needs Linux");
        assertThat(lacking(site, Isolation.CONTEXT, Map.of("PATH", folder.toString()), "Linux"))
                .contains("needs the program patchelf");
        Path patchelf = Files.createFile(folder.resolve("patchelf"));
        assertThat(patchelf.toFile().setExecutable(true)).isTrue();
        assertThat(search(site, Isolation.CONTEXT, Map.of("PATH", folder.toString()), "Linux"))
                .isInstanceOf(MlxEnvironment.Search.Found.class);
    }

    private Path site(String build) throws IOException {
        Path site = folder.resolve(build).resolve("site");
        Files.createDirectories(site.resolve("mlx"));
        Files.createFile(site.resolve("mlx").resolve("core.graalpy250-312-native-x86_64-linux.so"));
        return site;
    }

    private static String lacking(
            @Nullable Path site, Isolation isolation, Map<String, String> variables, String system) {
        return search(site, isolation, variables, system) instanceof MlxEnvironment.Search.Lacking(String sentence)
                ? sentence
                : "nothing";
    }

    private static MlxEnvironment.Search search(
            @Nullable Path site, Isolation isolation, Map<String, String> variables, String system) {
        MlxProperties settings = new MlxProperties(
                site,
                List.of(),
                null,
                isolation,
                2,
                4,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                512,
                2,
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(1));
        return MlxEnvironment.search(settings, variables, system);
    }
}
