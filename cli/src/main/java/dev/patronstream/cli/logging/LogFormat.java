package dev.patronstream.cli.logging;

/** What a line of the log looks like. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** A JSON object per event, for programs that collect logs. */
    JSON
}
