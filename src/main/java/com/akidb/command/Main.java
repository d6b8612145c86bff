package com.akidb.command;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** Where {@code scripts/akidb} starts a command: the one place that has a terminal and an exit status. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        int status = Commands.run(out, err, InstantSource.system(), terminal, arguments);
        out.flush();
        err.flush();
        System.exit(status);
    }
}
