package com.akidb.engine.embedded.file;

import com.akidb.error.AkidbException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.NotFoundException;
import com.akidb.error.TooLargeException;
import com.akidb.error.UnavailableException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Says what a failure of SQLite means for the caller. */
public final class StorageFailures {

    /** Less free space than this beside an I/O error is taken for its cause: some file systems tell it only so. */
    private static final long NO_ROOM_BYTES = 1 << 16;

    private final Path directory;

    public StorageFailures(Path directory) {
        this.directory = directory;
    }

    /** Keeps what has a meaning already, and hides the rest. */
    public AkidbException translate(Throwable failure) {
        return switch (failure) {
            case AkidbException known -> known;
            case SQLException storage -> translate(storage);
            default -> new InternalException("The engine failed; nothing was changed", failure);
        };
    }

    private AkidbException translate(SQLException failure) {
        return switch (primaryCode(failure)) {
            case SQLITE_FULL -> storageFull(failure);
            case SQLITE_IOERR ->
                hasNoRoom()
                        ? storageFull(failure)
                        : new InternalException("The storage failed to read or write; nothing was changed", failure);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new CorruptDataException("The database is damaged; restore it from a backup", failure);
            case SQLITE_TOOBIG ->
                new TooLargeException(ErrorCode.PAYLOAD_TOO_LARGE, "A value is too large to be stored", null);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new UnavailableException("The database is locked by another program", failure);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN ->
                new UnavailableException("The storage does not let the server write", failure);
            default ->
                isGone(failure)
                        ? new NotFoundException("The table, or a column of it, is gone")
                        : new InternalException("The storage failed; nothing was changed", failure);
        };
    }

    /** SQLite has no code of its own for it. Happens to who reads a table while it is dropped or altered. */
    private static boolean isGone(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("no such table: ") || message.contains("no such column: c");
    }

    private static SQLiteErrorCode primaryCode(SQLException failure) {
        return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff);
    }

    private static UnavailableException storageFull(SQLException cause) {
        return new UnavailableException(
                ErrorCode.STORAGE_FULL, "The disk is full; nothing was written. Make room and try again", cause);
    }

    private boolean hasNoRoom() {
        return directory.toFile().getUsableSpace() < NO_ROOM_BYTES;
    }
}
