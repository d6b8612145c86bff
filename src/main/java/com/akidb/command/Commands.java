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
     * @return the exit status: 0 done, 1 failed, 2 not understood, 3 done but for lines that are bad
     */
    static int run(Console console, InstantSource clock, String... arguments) {
        PrintWriter err = console.err();
        return new CommandLine(new TransferCommands(console))
                .addSubcommand(new KeysCommand(console.out(), err, clock))
                .addSubcommand(new BackupCommands.BackUp(console))
                .addSubcommand(new BackupCommands.RestoreBackup(console))
                .addSubcommand(new BackupCommands.Verify(console))
                .addSubcommand(new BackupCommands.Compact(console))
                .setOut(console.out())
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
