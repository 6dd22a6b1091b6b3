package dev.patronstream.schemas;

/**
 * What the id of an incarnation says: {@code DST26000EAGLE@2026-07-01T08:30:00.123} is one of the database DST26000EAGLE.
 * Receipts and epochs of the first versions name their database in this way only.
 */
public final class Incarnations {

    private Incarnations() {}

    /** Returns the database's name; empty if the identity does not say it. */
    public static String database(String incarnation) {
        return incarnation.substring(0, Math.max(0, incarnation.lastIndexOf('@')));
    }

    /** Returns the name of the database that an epoch is of; empty if the epoch does not say it. */
    public static String database(Progress epoch) {
        return named(epoch.getDatabase(), epoch.getIncarnation());
    }

    /** Returns the name of the database that an applied epoch is of; empty if the epoch does not say it. */
    public static String database(EpochApplied epoch) {
        return named(epoch.getDatabase(), epoch.getIncarnation());
    }

    private static String named(String name, String incarnation) {
        return name.isEmpty() ? database(incarnation) : name;
    }
}
