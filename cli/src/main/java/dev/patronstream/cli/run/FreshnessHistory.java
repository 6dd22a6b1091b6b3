package dev.patronstream.cli.run;

import dev.patronstream.cli.web.StatusSource.Sample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** How fresh the patrons were: the worst of each minute of the last day, since this process began. Thread-safe. */
final class FreshnessHistory {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MINUTES_OF_A_DAY = 24 * 60;

    private final Deque<Sample> samples = new ArrayDeque<>();

    synchronized void add(Sample sample) {
        Sample last = samples.peekLast();
        if (last != null && Duration.between(last.at(), sample.at()).compareTo(MINUTE) < 0) {
            samples.pollLast();
            samples.addLast(new Sample(last.at(), worse(last.age(), sample.age())));
            return;
        }
        samples.addLast(sample);
        if (samples.size() > MINUTES_OF_A_DAY) {
            samples.pollFirst();
        }
    }

    /** Not known is worse than any age. */
    private static Optional<Duration> worse(Optional<Duration> one, Optional<Duration> other) {
        return one.flatMap(age -> other.map(next -> age.compareTo(next) > 0 ? age : next));
    }

    /** Returns them, the oldest first. */
    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }
}
