package dev.patronstream.snapshotter.safety.check;

import java.time.Duration;
import java.util.Optional;

/** How old what the file says may be. */
record MaxAge(Optional<Duration> limit) implements Check {

    private static final String KEY = "max-age";

    MaxAge(Limits limits) {
        this(limits.time(KEY));
    }

    @Override
    public void ask(Candidate file, Holds holds) {
        Duration age = Duration.between(file.asOf(), file.now());
        limit.filter(most -> age.compareTo(most) > 0)
                .ifPresent(most -> holds.add(
                        KEY,
                        "the file says how things stood " + hours(age) + " ago, at " + file.asOf()
                                + ", and nothing newer has come from Aeries; older than " + hours(most)
                                + " is held. Is capture running?"));
    }

    private static String hours(Duration time) {
        return time.compareTo(Duration.ofHours(48)) >= 0
                ? time.toDays() + " days"
                : time.compareTo(Duration.ofHours(2)) >= 0 ? time.toHours() + " hours" : time.toMinutes() + " minutes";
    }
}
