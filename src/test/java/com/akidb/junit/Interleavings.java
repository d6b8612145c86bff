package com.akidb.junit;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;
import org.springframework.util.FileSystemUtils;

/**
 * Runs a test in many orders of its threads' steps: a JVM of its own, whose classes Fray has instrumented, lets one thread go
 * at a time and chooses at every access of a volatile field or an atomic, at every lock, park and wake-up which is next. What
 * is neither volatile, atomic nor guarded by a lock is not looked at.
 *
 * <p>Fray comes with the Maven profile {@code interleavings}; it exists for Linux on x86-64 and JDK 25, from which a JDK is linked
 * once. Where one of that is missing the tests are skipped.
 */
public final class Interleavings implements InvocationInterceptor {

    /** How long orders of one test are tried; some hundred in the two seconds of a check. */
    private static final int SECONDS = Integer.getInteger("akidb.test.interleavings.seconds", 2);

    /** What a machine that is busy with other things may take beside that; an order without end takes more. */
    private static final int SLACK_SECONDS = 900;

    private static final Path DIRECTORY = Path.of("target", "interleavings").toAbsolutePath();

    private static final Path JLINK = Path.of(System.getProperty("java.home"), "bin", "jlink");

    private static final Pattern OF_THE_LINKER = Pattern.compile(
            "(fray-(instrumentation-(base|jdk)|runtime)|kotlin-(stdlib|reflect)|asm(-[a-z]+)?)-\\d.*\\.jar");

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> context,
            ExtensionContext extension) {
        Method method = context.getExecutable();
        explore(method.getDeclaringClass(), method.getName(), SECONDS).ifPresent(found -> fail(found));
        invocation.skip();
    }

    /**
     * Runs a method without parameters, of a class with a constructor without parameters.
     *
     * @param seconds how long orders are tried if none fails
     * @return how it failed; empty if it held in all orders that it was run in
     */
    static Optional<String> explore(Class<?> type, String method, int seconds) {
        assumeTrue(jar("fray-core").isPresent(), "Fray comes with the Maven profile interleavings");
        assumeTrue(Runtime.version().feature() == 25, "Fray instruments JDK 25");
        assumeTrue(Files.isExecutable(JLINK), "This JDK has no jlink");
        String platform = System.getProperty("os.name") + "/" + System.getProperty("os.arch");
        assumeTrue(platform.equals("Linux/amd64"), "Fray has no agent for " + platform);
        try {
            Path report = DIRECTORY.resolve(type.getSimpleName() + "." + method);
            FileSystemUtils.deleteRecursively(report);
            Files.createDirectories(report);
            return run(report, type, method, seconds);
        } catch (IOException e) {
            throw new IllegalStateException("The interleavings of " + method + " could not be explored", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while interleavings were explored", e);
        }
    }

    private static Optional<String> run(Path report, Class<?> type, String method, int seconds)
            throws IOException, InterruptedException {
        Path output = report.resolveSibling(report.getFileName() + ".out");
        Process process = new ProcessBuilder(
                        instrumentedJdk().resolve("bin/java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-agentpath:" + agentLibrary(),
                        "-javaagent:" + jar("fray-instrumentation-agent").orElseThrow(),
                        Explorer.class.getName(),
                        "--run-config=cli",
                        "--clazz=" + type.getName(),
                        "--method=" + method,
                        "--timeout=" + (seconds - 1),
                        "--scheduler=pos",
                        "--no-reset-class-loader",
                        "--output=" + report)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(seconds + SLACK_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return Optional.of("It went on for ever in one order; see " + output);
        }
        Path log = report.resolve("fray.log");
        String told = Files.exists(log) ? Files.readString(log) : Files.readString(output);
        if (process.exitValue() == 0 && told.contains("Run finished")) {
            return Optional.empty();
        }
        return Optional.of("It failed in one order, which " + report + " has:\n" + told);
    }

    /** What the JVM of its own runs. */
    static final class Explorer {

        private Explorer() {}

        /** @param args Fray's, but how many orders */
        public static void main(String[] args) throws Exception {
            Method fray = Class.forName("org.pastalab.fray.core.MainKt").getMethod("main", String[].class);
            // The first order loads and links all classes, which takes longer than hundreds of the others.
            fray.invoke(null, (Object) with("--iter=1", args));
            fray.invoke(null, (Object) with("--iter=" + Integer.MAX_VALUE, args));
        }

        private static String[] with(String orders, String[] args) {
            return Stream.concat(Stream.of(args), Stream.of(orders)).toArray(String[]::new);
        }
    }

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    private static Optional<Path> jar(String artifact) {
        return classPath().stream()
                .filter(path -> path.getFileName().toString().startsWith(artifact + "-"))
                .findFirst();
    }

    /** The agent that hears of the ends of threads, taken out of its jar. */
    private static Path agentLibrary() throws IOException {
        Path library = DIRECTORY.resolve("libjvmti.so");
        if (!Files.exists(library)) {
            Files.createDirectories(DIRECTORY);
            Path copy = Files.createTempFile(DIRECTORY, "libjvmti", ".so");
            try (JarFile jar = new JarFile(jar("fray-jvmti").orElseThrow().toFile());
                    InputStream in = jar.getInputStream(jar.getJarEntry("libjvmti.so"))) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(copy, library, StandardCopyOption.ATOMIC_MOVE);
        }
        return library;
    }

    /** A JDK whose own classes are instrumented too; linked once, from the one that runs this. */
    private static Path instrumentedJdk() throws IOException, InterruptedException {
        Path jdk = DIRECTORY.resolve("jdk-" + Runtime.version().toString().replaceAll("[^\\w.]", "-"));
        if (Files.exists(jdk)) {
            return jdk;
        }
        Files.createDirectories(DIRECTORY);
        Path room = Files.createTempDirectory(DIRECTORY, "linking");
        String modules = classPath().stream()
                .filter(path ->
                        OF_THE_LINKER.matcher(path.getFileName().toString()).matches())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(Arrays.asList(
                JLINK.toString(),
                "-J-javaagent:" + jar("fray-instrumentation-jdk").orElseThrow(),
                "-J--module-path=" + modules,
                "-J--add-modules=org.pastalab.fray.instrumentation.jdk",
                "-J--class-path=" + modules,
                "--add-modules=java.se,jdk.incubator.vector,jdk.management,jdk.net,jdk.unsupported",
                "--fray-instrumentation",
                "--output=" + room.resolve("jdk")));
        Path output = room.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new TestAbortedException("jlink of this JDK cannot link another: " + Files.readString(output));
        }
        try {
            Files.move(room.resolve("jdk"), jdk, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | AtomicMoveNotSupportedException another) {
            // Linked by another JVM meanwhile.
        }
        FileSystemUtils.deleteRecursively(room);
        return jdk;
    }
}
