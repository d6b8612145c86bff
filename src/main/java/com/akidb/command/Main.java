package com.akidb.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** Where {@code scripts/akidb} starts a command: the one place that has a terminal and an exit status. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        java.io.Console terminal = System.console();
        boolean watched = terminal != null && terminal.isTerminal();
        Console console = new Console(System.in, out, System.out, err, watched);
        int status = Commands.run(console, InstantSource.system(), arguments);
        out.flush();
        err.flush();
        System.exit(status);
    }
}
