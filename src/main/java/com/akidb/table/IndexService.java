package com.akidb.table;

import com.akidb.engine.IndexStatus;
import java.util.List;

/**
 * The indexes of tables that users asked for. Searches need none: an index makes them faster. All methods may touch the
 * disk and so do not belong on an event loop. Failures are {@link com.akidb.error.AkidbException}s.
 */
public interface IndexService {

    /**
     * Makes an index; durable when it returns, built in the background from then on.
     *
     * @throws com.akidb.error.InvalidInputException if it does not fit the columns
     * @throws com.akidb.error.ConflictException if a vector index over that column and metric is there
     */
    IndexStatus create(String table, NewIndex index);

    /** A table's indexes in the order of their creation. */
    List<IndexStatus> list(String table);

    /** One of them; NotFound if there is none of that name. */
    IndexStatus get(String table, String index);

    /** Drops an index; NotFound if there is none. */
    void drop(String table, String index);

    /** Builds an index anew; the old one serves until then. */
    IndexStatus rebuild(String table, String index);
}
