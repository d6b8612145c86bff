package com.akidb.security;

import java.util.Locale;

/**
 * What an API key may be used for. {@link #ADMIN} includes the two others, which do not include each other: a key for a
 * collector of data need not be able to read it.
 */
public enum Scope {
    /** Reads, searches, embeds: nothing that is stored changes. */
    READ,
    /** Inserts, changes and deletes rows and documents. */
    WRITE,
    /** Creates, alters and drops tables, collections, columns and indexes; loads models, clears caches. */
    ADMIN;

    /** The name in key files, on command lines and in messages: {@code read}, {@code write}, {@code admin}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
