package com.akidb.engine.embedded.write;

import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.index.RowChange;
import java.time.Instant;
import java.util.List;

/** Follows the commits of a store. Called by the writer's thread when a commit is durable, before it is answered. */
public interface CommitFollower {

    /**
     * What a commit did to a table.
     *
     * @param changes each row once, as the commit left it
     */
    record TableChanges(TableRecord table, List<RowChange> changes) {}

    /**
     * Takes in a commit.
     *
     * @param version sequence number of the commit
     * @param time of the commit, in microseconds
     * @param tables that it changed, each once
     */
    void committed(long version, Instant time, List<TableChanges> tables);
}
