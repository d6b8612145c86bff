package com.akidb.embedding;

/** What a text is for; models that were trained with prompts put theirs before it. */
public enum InputType {
    NONE,
    QUERY,
    DOCUMENT
}
