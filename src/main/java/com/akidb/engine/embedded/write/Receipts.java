package com.akidb.engine.embedded.write;

import com.akidb.engine.Once;
import com.akidb.engine.embedded.file.Statements;
import com.akidb.engine.embedded.sql.ColumnValues;
import com.akidb.error.ConflictException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * Receipts of writes that are to happen once, each kept by the commit of its write. They are numbered in the order of
 * their commits, and each has the size of all answers up to its own, so that the first and the last tell how many there
 * are and how much they take; the oldest go first.
 */
public final class Receipts {

    private static final long MOST = 1_000_000;
    private static final long MOST_BYTES = 256L << 20;

    private final Statements statements;
    private final long most;
    private final long mostBytes;

    /** @param statements of the connection that writes */
    Receipts(Statements statements) {
        this(statements, MOST, MOST_BYTES);
    }

    Receipts(Statements statements, long most, long mostBytes) {
        this.statements = statements;
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** The receipt of that key, for any connection. */
    public static Optional<Once.Receipt> find(Statements statements, String key, Instant now) throws SQLException {
        PreparedStatement select =
                statements.get("SELECT fingerprint, answer FROM akidb_receipts WHERE key = ? AND made_at > ?");
        Statements.bind(select, key, expiry(ColumnValues.micros(now)));
        try (ResultSet receipt = select.executeQuery()) {
            return receipt.next()
                    ? Optional.of(new Once.Receipt(receipt.getString(1), receipt.getBytes(2)))
                    : Optional.empty();
        }
    }

    /**
     * Keeps a receipt and drops what is too old or too much, inside the transaction that is open.
     *
     * @param micros the commit's time
     * @throws ConflictException if there is one of that key
     */
    void keep(Once once, byte[] answer, long micros) throws SQLException {
        // One that has expired, if it is still there.
        statements.update("DELETE FROM akidb_receipts WHERE key = ? AND made_at <= ?", once.key(), expiry(micros));
        long number = 1;
        long total = answer.length;
        try (ResultSet last = statements
                .get("SELECT number, total FROM akidb_receipts ORDER BY number DESC LIMIT 1")
                .executeQuery()) {
            if (last.next()) {
                number += last.getLong(1);
                total += last.getLong(2);
            }
        }
        int kept = statements.update(
                "INSERT OR IGNORE INTO akidb_receipts (number, made_at, total, key, fingerprint, answer)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                number,
                micros,
                total,
                once.key(),
                once.fingerprint(),
                answer);
        if (kept == 0) {
            throw Once.inUse();
        }
        statements.update(
                "DELETE FROM akidb_receipts WHERE number IN (SELECT number FROM akidb_receipts ORDER BY number LIMIT 8)"
                        + " AND number < ? AND (made_at <= ? OR number <= ? OR total - length(answer) < ?)",
                number,
                expiry(micros),
                number - most,
                total - mostBytes);
    }

    private static long expiry(long micros) {
        return micros - Once.KEPT.toNanos() / 1_000;
    }
}
