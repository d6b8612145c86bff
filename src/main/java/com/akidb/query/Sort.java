package com.akidb.query;

/** One criterion of an order. */
public record Sort(FieldPath field, boolean descending) {}
