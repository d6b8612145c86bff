package com.akidb.sync;

import com.akidb.error.AkidbException;
import com.akidb.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * Why a mutation did nothing that can never succeed. It is counted all the same: the client would send it for ever.
 *
 * @param id of the mutation
 * @param code an {@link com.akidb.error.ErrorCode}
 * @param field of the mutation's arguments that is to blame; null for none
 */
public record Refusal(
        long id, String code, String detail, @Nullable String field) {

    private static final int LONGEST = 400;

    static Refusal of(long id, AkidbException failure) {
        return new Refusal(
                id,
                failure.code().name(),
                Words.shown(failure.detail(), LONGEST),
                failure.field().map(field -> Words.shown(field, LONGEST)).orElse(null));
    }
}
