package com.akidb.table;

import com.akidb.engine.RowQuery;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.table.RowService.TableQuery;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes where a page begins as the cursor that callers hold. A cursor begins with 16 bytes of the SHA-256 of the query's
 * table, condition and order and of the place itself, so that one that was altered or belongs to another query is refused.
 */
final class Cursors {

    private static final int SEAL = 16;
    private static final int LONGEST = 8 << 20;

    private Cursors() {}

    static String encode(TableQuery query, RowQuery.Place place) {
        byte[] body = write(place);
        byte[] seal = seal(query, body);
        byte[] whole = Arrays.copyOf(seal, SEAL + body.length);
        System.arraycopy(body, 0, whole, SEAL, body.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    static RowQuery.Place decode(TableQuery query, String cursor) {
        try {
            if (cursor.length() <= LONGEST) {
                byte[] whole = Base64.getUrlDecoder().decode(cursor);
                byte[] body = Arrays.copyOfRange(whole, Math.min(SEAL, whole.length), whole.length);
                if (whole.length > SEAL && Arrays.equals(whole, 0, SEAL, seal(query, body), 0, SEAL)) {
                    return read(body);
                }
            }
        } catch (IllegalArgumentException | IOException e) {
            // Refused below.
        }
        throw new InvalidInputException(
                ErrorCode.INVALID_ARGUMENT,
                "cursor must be one that an earlier page of the same query gave as next_cursor",
                "cursor");
    }

    private static byte[] seal(TableQuery query, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String about = query.schema().id() + "\n" + query.where() + "\n" + query.order() + "\n";
            digest.update(about.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest.digest(body), SEAL);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] write(RowQuery.Place place) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(place.rowId());
            out.writeInt(place.values().size());
            for (Object value : place.values()) {
                write(out, value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeByte('0');
            case String text -> {
                byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
                out.writeByte('s');
                out.writeInt(encoded.length);
                out.write(encoded);
            }
            case Long number -> {
                out.writeByte('i');
                out.writeLong(number);
            }
            case Double number -> {
                out.writeByte('f');
                out.writeDouble(number);
            }
            case Boolean bool -> out.writeByte(bool ? 't' : 'n');
            case Instant instant -> {
                out.writeByte('@');
                out.writeLong(instant.getEpochSecond());
                out.writeInt(instant.getNano());
            }
            default -> throw new IllegalArgumentException("no value of a place: " + value.getClass());
        }
    }

    private static RowQuery.Place read(byte[] body) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        long rowId = in.readLong();
        int size = in.readInt();
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(readValue(in));
        }
        return new RowQuery.Place(values, rowId);
    }

    private static @Nullable Object readValue(DataInputStream in) throws IOException {
        return switch (in.readByte()) {
            case '0' -> null;
            case 's' -> new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            case 'i' -> in.readLong();
            case 'f' -> in.readDouble();
            case 't' -> true;
            case 'n' -> false;
            case '@' -> Instant.ofEpochSecond(in.readLong(), in.readInt());
            default -> throw new IOException("unknown kind of value");
        };
    }
}
