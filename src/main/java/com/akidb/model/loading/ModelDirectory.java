package com.akidb.model.loading;

import com.akidb.model.ModelFiles;
import com.akidb.model.files.FileHashes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of one model in a directory, laid out as its backend wants them. */
sealed interface ModelDirectory permits OnnxDirectory, MlxDirectory {

    /** A directory as a backend lays it out. */
    static ModelDirectory of(String backend, Path directory, String model, String tokenizer) {
        return backend.equals(MlxDirectory.BACKEND)
                ? new MlxDirectory(directory, model, tokenizer)
                : new OnnxDirectory(directory, model, tokenizer);
    }

    Path directory();

    /**
     * Paths, in the directory, of files that a repository may lack. What else is {@link #missing()} may follow from them, so
     * they are asked for first; when nothing is missing they have been.
     */
    List<String> optional();

    /**
     * Path, in the directory, of the first file that is missing.
     *
     * @throws com.akidb.model.files.DamagedFileException if a file that is there shows that it is not whole
     */
    Optional<String> missing() throws IOException;

    /** All files, checked for size and for fitting together; call only if none is missing. */
    ModelFiles files(String id, FileHashes hashes) throws IOException;
}
