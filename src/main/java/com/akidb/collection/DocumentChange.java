package com.akidb.collection;

import org.jspecify.annotations.Nullable;

/**
 * What documents shall be from now on; what is not named stays.
 *
 * @param text null to keep the text. A new text is embedded unless a vector comes with it, and is for one document only
 * @param vector null to keep the vector, or to have it made of a new text; for one document only
 * @param changesMetadata whether the metadata becomes another
 * @param metadata JSON that replaces all of the metadata; null for none
 */
public record DocumentChange(
        @Nullable String text,
        float @Nullable [] vector,
        boolean changesMetadata,
        @Nullable String metadata) {}
