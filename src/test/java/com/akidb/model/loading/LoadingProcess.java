package com.akidb.model.loading;

import com.akidb.model.ModelSource;
import com.akidb.model.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads a model in a process of its own: endpoint, cache directory, file for the fingerprint. */
final class LoadingProcess {

    private LoadingProcess() {}

    public static void main(String[] arguments) throws IOException {
        ModelSource.Hub source = new ModelSource.Hub(FakeHub.REPOSITORY, "main", "onnx/model.onnx", "tokenizer.json");
        String fingerprint = HubModelTests.loader(arguments[0], Path.of(arguments[1]), true)
                .load(HubModelTests.spec(source))
                .fingerprint();
        Files.writeString(Path.of(arguments[2]), fingerprint);
    }
}
