package com.akidb.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** Commands as they are typed, and what they print. */
public final class TestCommands {

    private TestCommands() {}

    /** What a command printed, and its exit status. */
    public record Ran(int status, String out, String err) {}

    public static Ran run(String... words) {
        return run(new byte[0], InstantSource.system(), words);
    }

    /** Runs a command that reads its standard input. */
    public static Ran run(byte[] input, InstantSource clock, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        PrintWriter text = new PrintWriter(out, true, StandardCharsets.UTF_8);
        Console console = new Console(new ByteArrayInputStream(input), text, out, new PrintWriter(err), false);
        int status = Commands.run(console, clock, words);
        text.flush();
        return new Ran(status, out.toString(StandardCharsets.UTF_8), err.toString());
    }
}
