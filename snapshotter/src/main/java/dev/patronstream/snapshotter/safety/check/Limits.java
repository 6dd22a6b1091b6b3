package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The limits that a feed sets, by key below {@code hold-when}: the usual ones, unless a subclass knows others. Shares are of
 * patrons, 0.1 is 10 %; what is empty is never held for. For one reading.
 */
public class Limits {

    private final List<SettingProblem> problems = new ArrayList<>();

    public Optional<Double> share(String key, double usual) {
        return Optional.of(usual);
    }

    public Optional<Duration> time(String key, Duration usual) {
        return Optional.of(usual);
    }

    public int number(String key, int usual) {
        return usual;
    }

    public boolean flag(String key, boolean usual) {
        return usual;
    }

    /** Returns a share that cannot be of more than all. */
    final Optional<Double> part(String key, double usual) {
        Optional<Double> part = share(key, usual);
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
