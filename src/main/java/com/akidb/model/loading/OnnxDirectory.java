package com.akidb.model.loading;

import com.akidb.model.ModelFiles;
import com.akidb.model.files.ExternalData;
import com.akidb.model.files.FileHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model in ONNX.
 *
 * @param directory where its files lie
 * @param model path of the weights in there
 * @param tokenizer path of the tokenizer in there
 */
record OnnxDirectory(Path directory, String model, String tokenizer) implements ModelDirectory {

    private static final String ONNX = ".onnx";

    @Override
    public List<String> optional() {
        return List.of();
    }

    @Override
    public Optional<String> missing() throws IOException {
        for (String name : List.of(model, tokenizer)) {
            if (!Files.isRegularFile(directory.resolve(name))) {
                return Optional.of(name);
            }
        }
        return externalData().stream()
                .filter(name -> !Files.isRegularFile(directory.resolve(name)))
                .findFirst();
    }

    @Override
    public ModelFiles files(String id, FileHashes hashes) throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(directory.resolve(model));
        externalData().forEach(name -> files.add(directory.resolve(name)));
        long weightBytes = FileHashes.sizeOf(files);
        files.add(directory.resolve(tokenizer));
        return new ModelFiles(
                directory.resolve(model), directory.resolve(tokenizer), hashes.fingerprint(files), weightBytes);
    }

    /** Paths, in the directory, of what the weights file says lies beside it. */
    private List<String> externalData() throws IOException {
        if (!model.endsWith(ONNX)) {
            return List.of();
        }
        String folder = model.substring(0, model.lastIndexOf('/') + 1);
        return ExternalData.of(directory.resolve(model)).stream()
                .map(name -> folder + name)
                .toList();
    }
}
