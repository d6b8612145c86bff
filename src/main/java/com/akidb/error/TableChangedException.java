package com.akidb.error;

/**
 * A table has other columns than those that a read or a write was made for. Made anew for the columns that it has now, it may
 * well succeed.
 */
public final class TableChangedException extends ConflictException {

    public TableChangedException() {
        super(ErrorCode.CONFLICT, "The columns of the table changed while the request was on its way; try again");
    }
}
