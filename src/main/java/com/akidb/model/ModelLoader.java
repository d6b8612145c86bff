package com.akidb.model;

import java.util.Optional;

/** Brings a model's files to this machine. */
public interface ModelLoader {

    /**
     * Locates the files, unpacking or downloading them if need be. Blocks; safe to call from several threads and
     * processes at once.
     *
     * @throws com.akidb.error.UnavailableException if they cannot be had, with what to do about it
     * @throws com.akidb.error.CorruptDataException if they fail their checks
     */
    ModelFiles load(ModelSpec spec);

    /** Why the files cannot be had now, as far as that is known without a request to the hub; empty if nothing speaks against it. */
    Optional<String> refusal(ModelSpec spec);

    /** Whether the files are on this machine, so that {@link #load} needs no network. */
    boolean isCached(ModelSpec spec);
}
