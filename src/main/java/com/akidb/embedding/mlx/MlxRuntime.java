package com.akidb.embedding.mlx;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Python in this process: its folders, and where workers get models from. */
final class MlxRuntime implements AutoCloseable {

    /** GraalPy numbers the copies of native modules and never uses a number again, up to this. */
    private static final String MOST_COPIES = "4096";

    private static final Logger log = LoggerFactory.getLogger(MlxRuntime.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PythonFolders folders;
    private final PythonSource source;

    private MlxRuntime(PythonFolders folders, PythonSource source) {
        this.folders = folders;
        this.source = source;
    }

    static MlxRuntime start(MlxProperties settings, MlxEnvironment environment) {
        if (System.getProperty("python.MaximumNumberOfCextCopies") == null) {
            System.setProperty("python.MaximumNumberOfCextCopies", MOST_COPIES);
        }
        PythonFolders folders = PythonFolders.make(environment.site(), !UserPackage.replacesOurs(settings));
        List<Path> path = MlxEnvironment.imports(settings, folders);
        Function<Boolean, PythonInterpreter> interpreters =
                isolated -> new PythonInterpreter(path, environment, isolated);
        PythonSource source = switch (settings.isolationOrDefault()) {
            case CONTEXT -> new OwnContexts(interpreters);
            case THREAD -> new SharedContext(interpreters, environment.canIsolate());
        };
        return new MlxRuntime(folders, source);
    }

    PythonSource source() {
        return source;
    }

    /** Ends Python, unless some of it hangs in native code for good: the process can end without that. */
    @Override
    public void close() {
        Thread closer = Thread.ofPlatform().name("mlx-close").daemon().start(source::close);
        try {
            if (!closer.join(PATIENCE)) {
                log.warn("Python has not ended within {} s and is left behind", PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        folders.close();
    }
}
