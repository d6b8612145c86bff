package com.akidb.table.sql;

import java.util.List;
import java.util.Optional;

/**
 * A query that was read.
 *
 * @param columns of the answer
 * @param select as it is run
 * @param nearest the same as a search by vector, if it has that form
 * @param vectors what has to be embedded before it can run
 */
record Translation(List<Source.Output> columns, Pieces select, Optional<NearestSelect> nearest, QueryVectors vectors) {}
