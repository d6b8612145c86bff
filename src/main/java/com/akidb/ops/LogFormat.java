package com.akidb.ops;

/** How log lines are written. */
enum LogFormat {
    AUTO,
    JSON,
    TEXT
}
