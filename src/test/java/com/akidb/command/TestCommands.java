package com.akidb.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;

/** Commands as they are typed, and what they print. */
public final class TestCommands {

    private TestCommands() {}

    /** What a command printed, and its exit status. */
    public record Ran(int status, String out, String err) {}

    public static Ran run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Commands.run(new PrintWriter(out), new PrintWriter(err), InstantSource.system(), false, words);
        return new Ran(status, out.toString(), err.toString());
    }
}
