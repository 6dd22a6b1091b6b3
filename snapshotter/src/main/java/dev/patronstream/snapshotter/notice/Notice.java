package dev.patronstream.snapshotter.notice;

import dev.patronstream.schemas.Text;
import java.time.Instant;
import java.util.Optional;

/**
 * An alert. Holds keys and counts, never a value of a person.
 *
 * @param district the district
 * @param subject the feed, or the stage or the district where the occasion is one of those; empty for a test
 * @param occasion why
 * @param at since when it is so
 * @param text what was tried, what happened, what to do
 * @param delivery the receipt that says more, if there is one
 */
public record Notice(
        String district,
        Optional<String> subject,
        Occasion occasion,
        Instant at,
        String text,
        Optional<String> delivery) {

    /** Makes the text one that no mail, chat or page takes for anything but text. */
    public Notice {
        text = Text.lines(text);
    }

    /** Returns it in one line: {@code eagle: the delivery of destiny is held}. */
    public String headline() {
        String what = subject.map(name -> (occasion.isOfStage() ? "the " : "the delivery of ") + name)
                .orElse("patronstream");
        return Text.printable(district + ": "
                + switch (occasion) {
                    case HELD -> what + " is held for approval";
                    case FAILED -> what + " has failed";
                    case LATE -> what + " is late";
                    case INCOMPLETE -> what + " was not read in full";
                    case RECOVERED -> what + " is well again";
                    case DOWN -> what + " is down";
                    case BACK -> what + " is back";
                    case SUMMARY -> "the daily summary";
                    case TEST -> what + " tries its notices";
                });
    }
}
