package com.akidb.engine;

/** What the commit of a write keeps beside rows, for whoever wrote; see {@link TableEngine#write(java.util.List, Kept)}. */
public sealed interface Kept permits Once, Note {}
