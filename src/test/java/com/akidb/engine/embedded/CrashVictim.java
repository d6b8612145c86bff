package com.akidb.engine.embedded;

import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.Table;
import com.akidb.error.ConflictException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * The process that the crash test kills: writes without end, and prints a line for each answer. Arguments: directory and
 * seed. Lines: {@code opening}, {@code ready}, and {@code client index} when that operation was answered.
 */
final class CrashVictim {

    /** Begins each line of the protocol, which shares the stream with warnings of the JVM. */
    static final String MARK = "> ";

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);

    private CrashVictim() {}

    public static void main(String[] arguments) {
        new CrashVictim().run(Path.of(arguments[0]), new CrashOperations(Long.parseLong(arguments[1])));
    }

    /** Bounds so small that the log is written back, the changes are pruned and snapshots are written all the time. */
    static EngineProperties properties() {
        return new EngineProperties(
                1_000,
                DataSize.ofMegabytes(8),
                DataSize.ofKilobytes(64),
                2,
                100,
                DataSize.ofKilobytes(256),
                200,
                Duration.ofSeconds(1));
    }

    private void run(Path directory, CrashOperations operations) {
        say("opening");
        EmbeddedTableEngine engine = Engines.open(directory, properties());
        Table table = engine.find("documents")
                .orElseGet(() -> engine.create(Fixtures.documents("documents", CrashOperations.DIMENSION)));
        say("ready");
        CrashArchitect architect = new CrashArchitect(engine, table.id());
        Thread.ofPlatform().start(architect::alterForEver);
        Thread.ofPlatform().start(architect::fillForEver);
        for (int client = 0; client < CrashOperations.CLIENTS; client++) {
            int number = client;
            Thread.ofPlatform().start(() -> {
                for (int index = 0; ; index++) {
                    write(architect, operations.operation(number, index));
                    say(number + " " + index);
                }
            });
        }
    }

    private static void write(CrashArchitect architect, Mutation operation) {
        try {
            Fixtures.done(architect.write(operation));
        } catch (ConflictException expected) {
            // The operation was one that fails when a key exists; the judge knows whether it had to.
        }
    }

    private void say(String line) {
        try {
            out.write((MARK + line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
