package com.akidb.table;

/** When a write is answered whose rows have computed columns. */
public enum EmbedMode {
    /** When rows and their vectors are durable. */
    SYNC,
    /** When rows are durable; their vectors follow. */
    ASYNC
}
