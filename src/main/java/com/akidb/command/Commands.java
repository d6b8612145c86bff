package com.akidb.command;

import com.akidb.error.AkidbException;
import java.io.PrintWriter;
import java.time.InstantSource;
import picocli.CommandLine;

/** The commands of {@code scripts/akidb}, without the process around them. */
final class Commands {

    private static final int FAILED = 1;

    private Commands() {}

    /**
     * Runs a command.
     *
     * @return the exit status: 0 done, 1 failed, 2 not understood
     */
    static int run(PrintWriter out, PrintWriter err, InstantSource clock, String... arguments) {
        CommandLine.Model.CommandSpec root =
                CommandLine.Model.CommandSpec.create().name("akidb");
        root.addSubcommand("keys", new CommandLine(new KeysCommand(out, err, clock)));
        return new CommandLine(root)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    err.println("akidb: " + message(failure));
                    return FAILED;
                })
                .execute(arguments);
    }

    private static String message(Exception failure) {
        return failure instanceof AkidbException known ? known.detail() : failure.toString();
    }
}
