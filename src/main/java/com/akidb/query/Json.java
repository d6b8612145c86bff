package com.akidb.query;

/** JSON as text. */
public record Json(String text) {}
