package dev.patronstream.snapshotter;

import dev.patronstream.snapshotter.safety.check.Limits;
import dev.patronstream.snapshotter.safety.check.Thresholds;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Limits that a test sets by their keys, to a value or to {@link #OFF}. */
public final class SetLimits extends Limits {

    /** Switches a check off. */
    public static final Object OFF = "off";

    private static final Map<String, Object> USUAL = Map.of(
            "removed-above", 0.10,
            "added-above", 0.10,
            "transferred-above", 0.10,
            "changed-above", 0.75,
            "per-site-removed-above", 0.20,
            "school-gone", true,
            "rows-below", 1,
            "problems-above", 0.10,
            "max-age", Duration.ofHours(24));

    /** Nothing is held for but an empty file. */
    public static final Thresholds NONE = only(Map.of());

    private final Map<String, Object> set;

    private SetLimits(Map<String, Object> set) {
        this.set = set;
    }

    /** The usual limits, but for some. */
    public static Thresholds usualBut(Map<String, Object> set) {
        Map<String, Object> all = new HashMap<>(USUAL);
        all.putAll(set);
        return only(all);
    }

    /** No limits, but for some. */
    public static Thresholds only(Map<String, Object> set) {
        return Thresholds.of(new SetLimits(set));
    }

    @Override
    public Optional<Double> share(String key) {
        return of(key).map(Double.class::cast);
    }

    @Override
    public Optional<Duration> time(String key) {
        return of(key).map(Duration.class::cast);
    }

    @Override
    public int number(String key) {
        return (int) set.getOrDefault(key, USUAL.get(key));
    }

    @Override
    public boolean flag(String key) {
        return of(key).isPresent();
    }

    private Optional<Object> of(String key) {
        return Optional.of(set.getOrDefault(key, OFF)).filter(value -> !value.equals(OFF));
    }
}
