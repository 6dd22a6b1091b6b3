package dev.patronstream.snapshotter.notice;

import java.util.Locale;

/** Why an alert is sent. */
public enum Occasion {
    /** A delivery waits for a person. */
    HELD,
    /** A delivery was tried and did not succeed. */
    FAILED,
    /** A delivery that was due has not happened. */
    LATE,
    /** The vendor says that it has read another number of records than the file has. */
    INCOMPLETE,
    /** What an alert reported before is over: the vendor holds the current file. */
    RECOVERED,
    /** A stage has given up, is not there, or has not been heard of. */
    DOWN,
    /** A stage that an alert reported as down does its work again. */
    BACK,
    /** The time of the daily summary has come. */
    SUMMARY,
    /** Somebody tries whether notices arrive. */
    TEST;

    /** Whether it is about a stage rather than a feed. */
    boolean isOfStage() {
        return this == DOWN || this == BACK;
    }

    /** Whether it is about the whole district. */
    boolean isOfDistrict() {
        return this == SUMMARY;
    }

    /** Returns the word for it in messages: {@code held}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
