package com.akidb.table.computed;

import com.akidb.engine.Alteration;
import com.akidb.engine.CellCounts;
import com.akidb.engine.Column;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.table.ColumnFacts;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of a column's model. The vectors of the new model are made in a hidden column, its successor, which takes the
 * old one's place in one commit when none of its cells waits or failed. All that has to be known is in the store, so a
 * change goes on after a restart from where it was.
 */
final class ModelSwap {

    private static final Logger log = LoggerFactory.getLogger(ModelSwap.class);

    private final TableEngine engine;

    ModelSwap(TableEngine engine) {
        this.engine = engine;
    }

    /** Name of a successor. No user's column is called so, since theirs do not begin with a space. */
    static String nameFor(String column) {
        return " next " + column;
    }

    /** Called when no cell of a column waits; swaps if it is a successor. */
    void filled(Table table, Column column) {
        String old = column.properties().get(ColumnFacts.REPLACES);
        if (old == null) {
            return;
        }
        boolean there = table.definition().columns().stream()
                .anyMatch(each -> each.name().equals(old));
        if (!there) {
            engine.alter(table.id(), new Alteration.DropColumn(column.name()));
            return;
        }
        CellCounts counts = engine.countCells(table.id(), column.name());
        if (counts.pending() == 0 && counts.failed() == 0) {
            Map<String, String> facts = new HashMap<>(column.properties());
            facts.remove(ColumnFacts.REPLACES);
            engine.alter(table.id(), new Alteration.ReplaceColumn(old, column.name(), facts));
            log.info(
                    "Column {} of table {} has vectors of model {} now",
                    old,
                    table.definition().name(),
                    column.properties().get(ColumnFacts.MODEL));
        }
    }
}
