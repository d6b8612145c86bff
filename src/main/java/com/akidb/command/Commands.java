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
     * @param terminal whether somebody watches
     * @return the exit status: 0 done, 1 failed, 2 not understood
     */
    static int run(PrintWriter out, PrintWriter err, InstantSource clock, boolean terminal, String... arguments) {
        return new CommandLine(new TransferCommands(out, err, terminal))
                .addSubcommand(new KeysCommand(out, err, clock))
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
