package com.akidb.examples;

import java.util.ArrayList;
import java.util.List;

/**
 * A command of a guide and what the guide says that it prints.
 *
 * @param line of the command in its file, from 1
 * @param command for bash
 * @param expected empty if the guide shows nothing
 */
record Example(int line, String command, String expected) {

    /**
     * The commands in a guide, in order. In {@code console} blocks a command begins with <code>$ </code> and goes on in lines that
     * are indented by four spaces or more; what follows, up to the next command, is what it prints. A block of {@code bash} or
     * {@code python} is one command that shows nothing.
     */
    static List<Example> in(String markdown) {
        List<Example> examples = new ArrayList<>();
        String inside = "";
        int line = 0;
        int begin = 0;
        StringBuilder command = new StringBuilder();
        StringBuilder output = new StringBuilder();
        for (String text : markdown.lines().toList()) {
            line++;
            boolean fence = text.startsWith("```");
            boolean console = inside.equals("```console");
            if ((fence || console && text.startsWith("$ ")) && !command.isEmpty()) {
                examples.add(
                        new Example(begin, command.toString(), output.toString().strip()));
                command.setLength(0);
                output.setLength(0);
            }
            if (fence) {
                inside = inside.isEmpty() ? text : "";
            } else if (console && text.startsWith("$ ")) {
                begin = line;
                command.append(text.substring(2));
            } else if (console && output.isEmpty() && text.startsWith("    ")) {
                command.append('\n').append(text);
            } else if (console) {
                output.append(text).append('\n');
            } else if (inside.equals("```bash") || inside.equals("```python")) {
                begin = command.isEmpty() ? line : begin;
                command.append(command.isEmpty() ? "" : "\n").append(text);
            }
        }
        return examples;
    }
}
