package com.akidb.model.loading;

import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.Pooling;
import com.akidb.model.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Loads a model in a process of its own: endpoint, cache directory, file for the fingerprint, backend, weights. */
final class LoadingProcess {

    private LoadingProcess() {}

    /** Starts it with the cache {@code cache} in a directory, where it writes the fingerprint to a file of this name. */
    static Process start(Path directory, String name, String endpoint, String backend, String weights)
            throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadingProcess.class.getName(),
                        endpoint,
                        directory.resolve("cache").toString(),
                        directory.resolve(name).toString(),
                        backend,
                        weights)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
    }

    public static void main(String[] arguments) throws IOException {
        ModelSource.Hub source = new ModelSource.Hub(FakeHub.REPOSITORY, "main", arguments[4], "tokenizer.json");
        ModelSpec spec = new ModelSpec(
                "mine", List.of(), arguments[3], 8, 16, Pooling.MEAN, "", true, "", 8, "sentence", source, null);
        String fingerprint = LoadingFixture.loader(arguments[0], Path.of(arguments[1]), true)
                .load(spec)
                .fingerprint();
        Files.writeString(Path.of(arguments[2]), fingerprint);
    }
}
