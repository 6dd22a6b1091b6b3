package dev.patronstream.connector.database;

/**
 * What makes the change table of a table; two at most per table. Comparable over restarts: another start LSN at the
 * same creation time means that the clean-up has removed changes, another creation time that it was created again.
 *
 * @param name its name, for example {@code dbo_STU}
 * @param startLsn the lowest LSN it has changes of
 * @param createdAt when it was made, in the database's local time, as text
 */
public record CaptureInstance(String table, String name, String startLsn, String createdAt) {}
