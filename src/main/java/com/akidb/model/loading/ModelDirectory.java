package com.akidb.model.loading;

import com.akidb.model.files.ExternalData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of one model in a directory.
 *
 * @param directory where they lie
 * @param model path of the weights in there
 * @param tokenizer path of the tokenizer in there
 */
record ModelDirectory(Path directory, String model, String tokenizer) {

    private static final String ONNX = ".onnx";

    Path modelFile() {
        return directory.resolve(model);
    }

    Path tokenizerFile() {
        return directory.resolve(tokenizer);
    }

    /** Paths, in the directory, of what the weights file says lies beside it. */
    List<String> externalData() throws IOException {
        if (!model.endsWith(ONNX)) {
            return List.of();
        }
        String folder = model.substring(0, model.lastIndexOf('/') + 1);
        return ExternalData.of(modelFile()).stream().map(name -> folder + name).toList();
    }

    /** The first file that is missing. */
    Optional<String> missing() throws IOException {
        for (String name : List.of(model, tokenizer)) {
            if (!Files.isRegularFile(directory.resolve(name))) {
                return Optional.of(name);
            }
        }
        return externalData().stream()
                .filter(name -> !Files.isRegularFile(directory.resolve(name)))
                .findFirst();
    }

    /** All files, weights first; call only if none is missing. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(modelFile());
        externalData().forEach(name -> files.add(directory.resolve(name)));
        files.add(tokenizerFile());
        return files;
    }
}
