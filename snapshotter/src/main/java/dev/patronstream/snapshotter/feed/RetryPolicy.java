package dev.patronstream.snapshotter.feed;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How hard it is tried that a vendor has the file. Immutable.
 *
 * @param retryWithin how long an upload by the schedule is tried again after failures that may pass; none for once only
 * @param resendAfter after what time a file is sent again that the vendor holds already; empty for never
 */
public record RetryPolicy(Duration retryWithin, Optional<Duration> resendAfter) {

    /** Returns everything that is wrong, with paths relative to the feed. */
    List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        if (resendAfter.filter(Duration::isZero).isPresent()) {
            problems.add(new SettingProblem("resend-after", "must be longer than no time at all, like 24h"));
        }
        return problems;
    }
}
