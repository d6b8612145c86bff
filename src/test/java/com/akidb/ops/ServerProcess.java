package com.akidb.ops;

import com.akidb.AkidbApplication;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The server as a process of its own, for what only a process can do: be told to stop, be killed, fail to start. */
public final class ServerProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("REST API server listening on 127\\.0\\.0\\.1:(\\d+)");

    /** Less than the time limit of a test. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final BufferedReader output;

    public ServerProcess(Path data, String... options) throws IOException {
        this(data, 0, options);
    }

    /** @param port of the REST API; 0 for any that is free */
    ServerProcess(Path data, int port, String... options) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("test-classes/"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("config/jvm.options").toAbsolutePath(),
                "-cp",
                classPath,
                AkidbApplication.class.getName(),
                "--server.port=" + port,
                "--spring.grpc.server.port=0",
                "--akidb.data-dir=" + data,
                "--akidb.ops.log-format=text"));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = process.inputReader();
    }

    /** Waits for the line that says where the server listens; the port, or 0 if the process ended before it. */
    public int awaitPort() throws IOException {
        for (String line = nextLine(); line != null; line = nextLine()) {
            log.add(line);
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                return Integer.parseInt(listening.group(1));
            }
        }
        return 0;
    }

    /** Waits for a line with this text; false if the process ended before it. */
    public boolean awaitLine(String text) throws IOException {
        for (String line = nextLine(); line != null; line = nextLine()) {
            log.add(line);
            if (line.contains(text)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The next line; null if the process ended. One that says nothing for minutes is ended, once it has said what its threads
     * do: no time limit of a test ends a read.
     */
    private @Nullable String nextLine() throws IOException {
        CompletableFuture<Void> hangs = new CompletableFuture<>();
        var unused = hangs.completeOnTimeout(null, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .thenRun(this::endWithThreadDump);
        try {
            return output.readLine();
        } finally {
            hangs.cancel(false);
        }
    }

    private void endWithThreadDump() {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            process.waitFor(2, TimeUnit.SECONDS);
        } catch (IOException e) {
            log.add("No thread dump: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    /** Sends SIGTERM; its output stays readable, which {@link Process#destroy} would end. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** Ends it as a loss of power to the process would. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Waits for the end; the exit status. */
    public int awaitEnd() throws IOException {
        for (String line = nextLine(); line != null; line = nextLine()) {
            log.add(line);
        }
        return process.onExit().join().exitValue();
    }

    /** All that was printed so far. */
    public String log() {
        return String.join("\n", log);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
