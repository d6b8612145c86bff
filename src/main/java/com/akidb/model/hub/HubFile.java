package com.akidb.model.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A file of a repository.
 *
 * @param repository such as {@code sentence-transformers/all-MiniLM-L6-v2}
 * @param revision a branch, a tag or a commit
 * @param path such as {@code onnx/model.onnx}
 */
public record HubFile(String repository, String revision, String path) {

    /** The same file at another revision. */
    public HubFile at(String otherRevision) {
        return new HubFile(repository, otherRevision, path);
    }

    URI address(URI endpoint) {
        String base = endpoint.toString().replaceAll("/+$", "");
        return URI.create(
                base + "/" + encodedPath(repository) + "/resolve/" + encoded(revision) + "/" + encodedPath(path));
    }

    private static String encodedPath(String path) {
        return Arrays.stream(path.split("/", -1)).map(HubFile::encoded).collect(Collectors.joining("/"));
    }

    private static String encoded(String step) {
        return URLEncoder.encode(step, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
