package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The limits of a feed, by key below {@code hold-when}. Shares are of patrons, 0.1 is 10 %; what is empty is never held
 * for. For one reading.
 */
public abstract class Limits {

    private final List<SettingProblem> problems = new ArrayList<>();

    public abstract Optional<Double> share(String key);

    public abstract Optional<Duration> time(String key);

    public abstract int number(String key);

    public abstract boolean flag(String key);

    /** Returns a share that cannot be of more than all. */
    final Optional<Double> part(String key) {
        Optional<Double> part = share(key);
        if (part.filter(value -> value > 1).isPresent()) {
            wrong(key, "is more than all of them and would never hold; write off to switch the check off");
        }
        return part;
    }

    final void wrong(String key, String message) {
        problems.add(new SettingProblem(key, message));
    }

    final List<SettingProblem> problems() {
        return problems;
    }
}
