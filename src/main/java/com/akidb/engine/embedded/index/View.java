package com.akidb.engine.embedded.index;

import com.akidb.engine.embedded.index.rows.LiveBits;
import java.util.List;

/**
 * What searches see: everything as of one commit. Never changed, only replaced by the next one.
 *
 * @param version sequence number of the commit
 * @param live which ordinals are alive and have a vector, by the generation's vector columns
 */
record View(Generation generation, long version, List<LiveBits> live) {}
