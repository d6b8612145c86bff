package com.akidb.transfer;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file, decoded without loss: bytes that are not text of its encoding become lone surrogates (byte
 * {@code b} is {@code U+DC00 + b}), which no decoder gives otherwise, so that the line they stand in can be refused and
 * written back as it came. A byte order mark is passed over, and says which Unicode encoding it is.
 */
final class TextInput extends Reader {

    /** Longest line, in UTF-16 units: a line must fit into memory several times. */
    private static final int LONGEST_LINE = 1 << 26;

    private static final int BUFFER = 1 << 16;

    private final InputStream input;
    private final long size;
    private final Charset encoding;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final java.nio.charset.CharsetDecoder decoder;
    private final CharBuffer chars = CharBuffer.allocate(BUFFER).flip();
    private boolean atEnd;
    private long read;

    /** @param encoding null for UTF-8, or the Unicode encoding that a byte order mark names */
    TextInput(Path file, @Nullable Charset encoding) throws IOException {
        this.input = Files.newInputStream(file);
        this.size = Files.size(file);
        fill();
        this.encoding = marked(encoding);
        this.decoder = this.encoding
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    private Charset marked(@Nullable Charset asked) {
        int first = byteAt(0);
        int second = byteAt(1);
        boolean unicode = asked == null || asked.name().startsWith("UTF-");
        if (unicode && first == 0xEF && second == 0xBB && byteAt(2) == 0xBF) {
            bytes.position(bytes.position() + 3);
            return StandardCharsets.UTF_8;
        }
        if (unicode && (first == 0xFE && second == 0xFF || first == 0xFF && second == 0xFE)) {
            bytes.position(bytes.position() + 2);
            return first == 0xFE ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
        }
        return asked == null ? StandardCharsets.UTF_8 : asked;
    }

    private int byteAt(int offset) {
        int place = bytes.position() + offset;
        return place < bytes.limit() ? bytes.get(place) & 0xFF : -1;
    }

    Charset encoding() {
        return encoding;
    }

    /** How much of the file is read, 0 to 1. */
    double progress() {
        return size == 0 ? 1 : Math.min(1, (double) read / size);
    }

    @Override
    public int read(char[] target, int from, int length) throws IOException {
        while (!chars.hasRemaining()) {
            if (!decode()) {
                return -1;
            }
        }
        int count = Math.min(length, chars.remaining());
        chars.get(target, from, count);
        return count;
    }

    /** The next line with its end, which is LF, CR LF or CR; null after the last. */
    @Nullable
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int unit = unit(); unit >= 0; unit = unit()) {
            line.append((char) unit);
            if (unit == '\n' || unit == '\r' && !followedByLineFeed()) {
                return line.toString();
            }
            if (line.length() > LONGEST_LINE) {
                throw new InvalidInputException(
                        ErrorCode.PAYLOAD_TOO_LARGE, "A line has more than " + LONGEST_LINE + " characters", "FILE");
            }
        }
        return line.isEmpty() ? null : line.toString();
    }

    private int unit() throws IOException {
        while (!chars.hasRemaining()) {
            if (!decode()) {
                return -1;
            }
        }
        return chars.get();
    }

    private boolean followedByLineFeed() throws IOException {
        while (!chars.hasRemaining()) {
            if (!decode()) {
                return false;
            }
        }
        return chars.get(chars.position()) == '\n';
    }

    /** Decodes what there is room for; false at the end. */
    private boolean decode() throws IOException {
        chars.clear();
        boolean more = true;
        while (chars.position() == 0 && more) {
            if (!atEnd && bytes.remaining() < BUFFER / 2) {
                fill();
            }
            CoderResult result = decoder.decode(bytes, chars, atEnd);
            if (result.isError()) {
                for (int i = 0; i < result.length(); i++) {
                    chars.put((char) (0xDC00 | bytes.get() & 0xFF));
                }
                decoder.reset();
            } else if (result.isUnderflow() && atEnd) {
                more = false;
            }
        }
        chars.flip();
        return chars.hasRemaining();
    }

    private void fill() throws IOException {
        bytes.compact();
        while (bytes.hasRemaining()) {
            int count = input.read(bytes.array(), bytes.position(), bytes.remaining());
            if (count < 0) {
                atEnd = true;
                break;
            }
            bytes.position(bytes.position() + count);
            read += count;
        }
        bytes.flip();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** The first byte in a text that is none of its encoding; -1 if there is none. */
    static int undecodable(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean pair = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return unit & 0xFF;
                }
                i++;
            }
        }
        return -1;
    }

    /** What to say of a text that has undecodable bytes. */
    static String notDecodable(int first, Charset encoding) {
        return String.format(
                java.util.Locale.ROOT,
                "is not %s (byte 0x%02X); say --encoding, such as windows-1252",
                encoding.name(),
                first);
    }

    /** The bytes that a text was decoded from. */
    static byte[] encoded(String text, Charset encoding) {
        CharsetEncoder encoder = encoding.newEncoder();
        ByteBuffer out = ByteBuffer.allocate((int) (text.length() * (double) encoder.maxBytesPerChar()) + 8);
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            boolean raw = i < text.length()
                    && text.charAt(i) >= 0xDC00
                    && text.charAt(i) <= 0xDCFF
                    && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
            if (raw || i == text.length()) {
                try {
                    out.put(encoder.encode(CharBuffer.wrap(text, from, i)));
                } catch (CharacterCodingException impossible) {
                    throw new IllegalArgumentException(impossible);
                }
                if (raw) {
                    out.put((byte) text.charAt(i));
                }
                from = i + 1;
            }
        }
        return java.util.Arrays.copyOf(out.array(), out.position());
    }
}
