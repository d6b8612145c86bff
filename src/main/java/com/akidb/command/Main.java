package com.akidb.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;

/** Where {@code scripts/akidb} starts a command: the one place that has a terminal and an exit status. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        silenceLibraries();
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

    /** Keeps what libraries log out of what commands print: a failure reaches the user as an exception. */
    private static void silenceLibraries() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        }
        LogManager.getLogManager().reset();
    }
}
