package com.akidb.model;

import java.nio.file.Path;

/** Paths as people write them. */
public final class UserHome {

    private static final Path TILDE = Path.of("~");

    private UserHome() {}

    /** The path, with a leading {@code ~} replaced by the home directory. */
    public static Path resolve(Path path) {
        return path.startsWith(TILDE) ? Path.of(System.getProperty("user.home")).resolve(TILDE.relativize(path)) : path;
    }
}
