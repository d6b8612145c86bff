package com.akidb.engine.embedded.write;

import com.akidb.engine.embedded.catalog.TableRecord;
import com.akidb.engine.embedded.index.RowChange;
import java.util.List;

/** Follows the commits of a store. Called by the writer's thread when a commit is durable, before it is answered. */
public interface CommitListener {

    /**
     * Takes in what a commit did to a table.
     *
     * @param version sequence number of the commit
     * @param changes each row once, as the commit left it
     */
    void committed(TableRecord table, long version, List<RowChange> changes);
}
