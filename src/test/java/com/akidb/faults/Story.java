package com.akidb.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Something that is done with files while their calls fail, and what must be so afterwards. Used for one point. */
interface Story {

    /** Makes what is there before. */
    void prepare(Path directory) throws IOException;

    /** Does it over a copy of what was prepared, while calls fail. */
    void go(Path directory) throws IOException;

    /**
     * Looks what is left when calls fail no more.
     *
     * @throws AssertionError if something that was answered is lost, or is not what was answered
     */
    void judge(Path directory) throws IOException;

    /** How much was answered. */
    int answered();

    /** How much was refused. */
    int refused();

    /** Copies a directory as it lies there, as a process that is killed leaves it. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Path copy = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(copy);
                } else {
                    Files.write(copy, Files.readAllBytes(each));
                }
            }
        }
    }
}
