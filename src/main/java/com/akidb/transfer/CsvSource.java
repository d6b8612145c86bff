package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CSV (RFC 4180) whose first line names the columns. An empty field is no value, a quoted empty one is an empty text.
 *
 * <p>It is read by lines of our own, not by a library: a quote that was never closed makes one bad line, and reading goes
 * on behind that line; a library takes the rest of the file into one field.
 */
final class CsvSource implements FileRows {

    private static final String DELIMITERS = ",;\t|";

    /** Longest record that goes over several lines, in UTF-16 units. */
    private static final int LONGEST_RECORD = 1 << 24;

    private final TextInput input;
    private final char delimiter;
    private final String header;
    private final List<String> columns;
    /** Lines that were read too far, to be read again. */
    private final Deque<String> ahead = new ArrayDeque<>();

    private long line;

    /** @param delimiter between fields; null for the one that the first line has most of */
    CsvSource(Path file, @Nullable Charset encoding, @Nullable Character delimiter) throws IOException {
        this.input = new TextInput(file, encoding);
        String first = nextLine();
        if (first == null || first.isBlank()) {
            throw unusable("The first line of a CSV file names its columns; it has none");
        }
        this.delimiter = delimiter == null ? delimiterOf(first) : delimiter;
        Splitter names = new Splitter(this.delimiter);
        StringBuilder text = new StringBuilder();
        for (String each = first; each != null; each = names.isOpen() ? nextLine() : null) {
            text.append(each);
            names.feed(each);
        }
        this.header = text.toString();
        String problem = names.problem() != null ? names.problem() : names.isOpen() ? Splitter.NEVER_CLOSED : null;
        if (problem != null) {
            throw unusable("The line of names " + problem);
        }
        this.columns = names.fields().stream().map(Field::text).toList();
        int undecodable = TextInput.undecodable(header);
        if (undecodable >= 0) {
            throw unusable("The line of names " + TextInput.notDecodable(undecodable, input.encoding()));
        }
        Set<String> once = new HashSet<>();
        for (String column : columns) {
            if (!once.add(column)) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT, "The file has two columns '" + column + "'", column);
            }
        }
    }

    private static InvalidInputException unusable(String why) {
        return new InvalidInputException(ErrorCode.INVALID_ARGUMENT, why, "FILE");
    }

    /** The delimiter that a line has most of outside quotes; a comma if it has none. */
    private static char delimiterOf(String line) {
        int[] counts = new int[DELIMITERS.length()];
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char unit = line.charAt(i);
            if (unit == '"') {
                quoted = !quoted;
            }
            int which = DELIMITERS.indexOf(unit);
            if (!quoted && which >= 0) {
                counts[which]++;
            }
        }
        int most = 0;
        for (int i = 1; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        return DELIMITERS.charAt(most);
    }

    private @Nullable String nextLine() throws IOException {
        String text = ahead.isEmpty() ? input.line() : ahead.removeFirst();
        line += text == null ? 0 : 1;
        return text;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public Charset encoding() {
        return input.encoding();
    }

    @Override
    public String header() {
        return header.endsWith("\n") || header.endsWith("\r") ? header : header + "\n";
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        String first = nextLine();
        // In a file of one column, an empty line is a row without a value.
        while (first != null && first.isBlank() && columns.size() > 1) {
            first = nextLine();
        }
        if (first == null) {
            return null;
        }
        long number = line;
        Splitter splitter = new Splitter(delimiter);
        splitter.feed(first);
        List<String> more = new ArrayList<>();
        int length = first.length();
        while (splitter.isOpen() && splitter.problem() == null && length < LONGEST_RECORD) {
            String next = nextLine();
            if (next == null) {
                break;
            }
            more.add(next);
            length += next.length();
            splitter.feed(next);
        }
        String problem = splitter.isOpen() ? Splitter.NEVER_CLOSED : splitter.problem();
        if (problem != null) {
            // The quote is where it went wrong; the lines behind it are read for themselves.
            for (int i = more.size() - 1; i >= 0; i--) {
                ahead.addFirst(more.get(i));
                line--;
            }
            return SourceRecord.bad(number, problem, first);
        }
        String raw = more.isEmpty() ? first : first + String.join("", more);
        return record(number, splitter.fields(), raw);
    }

    private SourceRecord record(long number, List<Field> fields, String raw) {
        int undecodable = TextInput.undecodable(raw);
        if (undecodable >= 0) {
            return SourceRecord.bad(number, TextInput.notDecodable(undecodable, input.encoding()), raw);
        }
        if (fields.size() != columns.size()) {
            return SourceRecord.bad(number, "has " + fields.size() + " fields, must have " + columns.size(), raw);
        }
        Map<String, Object> cells = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (field.quoted() || !field.text().isEmpty()) {
                cells.put(columns.get(i), field.text());
            }
        }
        return SourceRecord.good(number, cells, raw);
    }

    @Override
    public double progress() {
        return input.progress();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** A field of a record. */
    private record Field(String text, boolean quoted) {}

    /** Cuts a record into fields, line by line. */
    private static final class Splitter {

        static final String NEVER_CLOSED = "has a quote that is never closed";

        private enum State {
            START,
            PLAIN,
            QUOTED,
            BEHIND_QUOTE
        }

        private final char delimiter;
        private final List<Field> fields = new ArrayList<>();
        private final StringBuilder field = new StringBuilder();
        private State state = State.START;
        private @Nullable String problem;

        Splitter(char delimiter) {
            this.delimiter = delimiter;
        }

        /** Whether the record goes on in the next line. */
        boolean isOpen() {
            return state == State.QUOTED;
        }

        /** What is wrong with its quotes; null if nothing is. */
        @Nullable
        String problem() {
            return problem;
        }

        List<Field> fields() {
            return fields;
        }

        /** Takes a line with its end. */
        void feed(String line) {
            int end = line.length();
            if (end > 0 && line.charAt(end - 1) == '\n') {
                end--;
            }
            if (end > 0 && line.charAt(end - 1) == '\r') {
                end--;
            }
            for (int i = 0; i < end; i++) {
                take(line.charAt(i));
            }
            if (state == State.QUOTED) {
                field.append(line, end, line.length());
            } else {
                close();
            }
        }

        private void take(char unit) {
            switch (state) {
                case START, PLAIN -> {
                    if (unit == delimiter) {
                        close();
                    } else if (unit == '"' && state == State.START) {
                        state = State.QUOTED;
                    } else {
                        if (unit == '"') {
                            problem = "has a quote inside a field that does not begin with one";
                        }
                        state = State.PLAIN;
                        field.append(unit);
                    }
                }
                case QUOTED -> {
                    if (unit == '"') {
                        state = State.BEHIND_QUOTE;
                    } else {
                        field.append(unit);
                    }
                }
                case BEHIND_QUOTE -> {
                    if (unit == '"') {
                        field.append('"');
                        state = State.QUOTED;
                    } else if (unit == delimiter) {
                        close();
                    } else {
                        problem = "has text after a closing quote";
                        field.append(unit);
                    }
                }
            }
        }

        private void close() {
            fields.add(new Field(field.toString(), state == State.BEHIND_QUOTE));
            field.setLength(0);
            state = State.START;
        }
    }
}
