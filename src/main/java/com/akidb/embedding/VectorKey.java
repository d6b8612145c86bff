package com.akidb.embedding;

/** What a cached vector was made from. Holds the text itself, so no two texts can be mistaken for each other. */
record VectorKey(VectorSpace space, String text) {}
