package com.akidb.embedding.mlx;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What MLX workers need and a server may lack: GraalPy on the class path, the folder with MLX and its binding, and for
 * {@link Isolation#CONTEXT} the tool patchelf.
 *
 * @param site the folder with MLX and the binding
 * @param executables folders of programs, as {@code PATH} has them
 */
record MlxEnvironment(Path site, String executables) {

    private static final String LANGUAGE = "com/oracle/graal/python/PythonLanguage.class";
    private static final String BINDING = "core.graalpy";

    /** The environment, or why there is none. */
    sealed interface Search {

        /** All is there. */
        record Found(MlxEnvironment environment) implements Search {}

        /** Something is not; the sentence says what to do. */
        record Lacking(String sentence) implements Search {}
    }

    static Search search(MlxProperties settings) {
        return search(settings, System.getenv(), System.getProperty("os.name"));
    }

    static Search search(MlxProperties settings, Map<String, String> variables, String system) {
        if (MlxEnvironment.class.getClassLoader().getResource(LANGUAGE) == null) {
            return new Search.Lacking("It runs on MLX workers, and this build has no Python for them;"
                    + " build the server with the Maven profile mlx: mvn -Pmlx package");
        }
        Optional<Path> site = settings.site() == null ? newest(cache(variables)) : Optional.of(settings.site());
        if (site.isEmpty() || !hasBinding(site.get())) {
            return new Search.Lacking("It runs on MLX workers, and "
                    + (settings.site() == null
                            ? "MLX's binding has not been built"
                            : "akidb.mlx.site has no binding of MLX")
                    + "; run python3 python/mlx_core/build.py");
        }
        String path = executables(variables, site.get());
        if (settings.isolationOrDefault() == Isolation.CONTEXT) {
            if (!isLinux(system)) {
                return new Search.Lacking("It runs on MLX workers, and akidb.mlx.isolation=context needs Linux;"
                        + " use akidb.mlx.isolation=thread");
            }
            if (!isOn(path, "patchelf")) {
                return new Search.Lacking(
                        "It runs on MLX workers, and akidb.mlx.isolation=context needs the program patchelf;"
                                + " install it (Debian, Ubuntu: apt-get install patchelf) or use akidb.mlx.isolation=thread");
            }
        }
        return new Search.Found(new MlxEnvironment(site.get(), path));
    }

    /** Whether native modules can be copied, so that one Python can follow another. */
    boolean canIsolate() {
        return isLinux(System.getProperty("os.name")) && isOn(executables, "patchelf");
    }

    private static boolean isLinux(String system) {
        return system.toLowerCase(Locale.ROOT).contains("linux");
    }

    private static Path cache(Map<String, String> variables) {
        String named = variables.get("AKIDB_MLX_CACHE");
        return named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache", "akidb", "mlx");
    }

    /** The build of this version of GraalPy that was made last. */
    private static Optional<Path> newest(Path cache) {
        if (!Files.isDirectory(cache)) {
            return Optional.empty();
        }
        try (Stream<Path> builds = Files.list(cache)) {
            return builds.filter(build -> build.getFileName().toString().startsWith("graalpy-"))
                    .map(build -> build.resolve("site"))
                    .filter(MlxEnvironment::hasBinding)
                    .max(Comparator.comparing(MlxEnvironment::age));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long age(Path site) {
        return site.toFile().lastModified();
    }

    private static boolean hasBinding(Path site) {
        try (Stream<Path> files = Files.list(site.resolve("mlx"))) {
            return files.anyMatch(MlxEnvironment::isBinding);
        } catch (IOException e) {
            return false;
        }
    }

    static boolean isBinding(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(BINDING) && name.endsWith(".so");
    }

    /** The tools that came with the build are found last. */
    private static String executables(Map<String, String> variables, Path site) {
        String path = variables.getOrDefault("PATH", "");
        Path tools = site.resolveSibling("tools");
        return Files.isDirectory(tools) ? path + File.pathSeparator + tools : path;
    }

    private static boolean isOn(String path, String program) {
        return Stream.of(path.split(File.pathSeparator))
                .anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, program)));
    }

    /** The folders that come before a user's packages have been searched. */
    static List<Path> imports(MlxProperties settings, PythonFolders folders) {
        return Stream.concat(settings.pythonPath().stream(), Stream.of(folders.site(), folders.packages()))
                .toList();
    }
}
