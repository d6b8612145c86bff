package com.akidb.embedding.mlx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * What this process imports, in a temporary folder of its own: AkiDB's Python files, which the server brings along, and
 * the folder with MLX, by links. GraalPy puts copies of native modules beside the original and does not mind other
 * processes that do the same, so the binding itself is a copy.
 */
final class PythonFolders implements AutoCloseable {

    private static final String PREFIX = "akidb-mlx-";
    private static final String SOURCES = "akidb-python";
    private static final String OWN_PACKAGE = "akidb_mlx/";

    private final Path root;

    private PythonFolders(Path root) {
        this.root = root;
    }

    /**
     * Makes the folder.
     *
     * @param withOwnPackage whether AkiDB's {@code akidb_mlx} is in it; without, a user's package of that name need not have an
     *     {@code __init__.py} to be found
     */
    static PythonFolders make(Path site, boolean withOwnPackage) {
        try {
            removeLeftOver(Path.of(System.getProperty("java.io.tmpdir")));
            PythonFolders made = new PythonFolders(
                    Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-"));
            made.unpackSources(withOwnPackage);
            made.linkSite(site.toAbsolutePath());
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path site() {
        return root.resolve("site");
    }

    Path packages() {
        return root.resolve("packages");
    }

    private void unpackSources(boolean withOwnPackage) throws IOException {
        String pattern = "classpath*:" + SOURCES + "/**/*.py";
        for (Resource source : new PathMatchingResourcePatternResolver().getResources(pattern)) {
            String url = source.getURL().toString();
            String name = url.substring(url.lastIndexOf(SOURCES + "/") + SOURCES.length() + 1);
            if (!withOwnPackage && name.startsWith(OWN_PACKAGE)) {
                continue;
            }
            Path target = packages().resolve(name);
            Files.createDirectories(target.getParent());
            try (InputStream content = source.getInputStream()) {
                Files.copy(content, target);
            }
        }
    }

    private void linkSite(Path site) throws IOException {
        Path mlx = Files.createDirectories(site().resolve("mlx"));
        try (Stream<Path> parts = Files.list(site)) {
            for (Path part : (Iterable<Path>) parts.filter(part -> !part.endsWith("mlx"))::iterator) {
                Files.createSymbolicLink(site().resolve(part.getFileName()), part);
            }
        }
        try (Stream<Path> parts = Files.list(site.resolve("mlx"))) {
            for (Path part : (Iterable<Path>) parts::iterator) {
                String name = part.getFileName().toString();
                if (MlxEnvironment.isBinding(part)) {
                    Files.copy(part, mlx.resolve(name));
                } else if (!name.contains(".so.dup")) {
                    Files.createSymbolicLink(mlx.resolve(name), part);
                }
            }
        }
    }

    /** Removes folders of processes that were killed. */
    private static void removeLeftOver(Path temporary) throws IOException {
        try (Stream<Path> folders = Files.list(temporary)) {
            for (Path folder : (Iterable<Path>) folders.filter(PythonFolders::isLeftOver)::iterator) {
                remove(folder);
            }
        }
    }

    private static boolean isLeftOver(Path folder) {
        String name = folder.getFileName().toString();
        if (!name.matches(PREFIX + "[0-9]+-[0-9]+")) {
            return false;
        }
        long process = Long.parseLong(name.substring(PREFIX.length(), name.lastIndexOf('-')));
        return ProcessHandle.of(process).isEmpty();
    }

    private static void remove(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path directory, java.io.@org.jspecify.annotations.Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // Another process removes it as well, or it belongs to another user.
            org.slf4j.LoggerFactory.getLogger(PythonFolders.class).debug("Could not remove {}", folder, e);
        }
    }

    @Override
    public void close() {
        remove(root);
    }
}
