package com.akidb.collection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents in the order of their insertion.
 *
 * @param nextCursor where the next page begins; null at the end
 */
public record DocumentPage(
        List<Document> documents, @Nullable String nextCursor) {}
