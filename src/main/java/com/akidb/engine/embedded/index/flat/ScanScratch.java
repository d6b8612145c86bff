package com.akidb.engine.embedded.index.flat;

/** Room that a scan works in. Used again for the next scan; for one thread at a time. */
public final class ScanScratch {
    final LevelQuery query = new LevelQuery();
    final float[] estimates = new float[Long.SIZE];
}
