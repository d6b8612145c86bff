package com.akidb.table;

import org.jspecify.annotations.Nullable;

/** What shall be different about a computed column; null leaves as it is. */
public record ComputedChange(
        @Nullable String model,
        @Nullable Boolean autoUpdate,
        @Nullable Boolean cache) {}
