package dev.patronstream.snapshotter;

import dev.patronstream.snapshotter.safety.check.Limits;
import dev.patronstream.snapshotter.safety.check.Thresholds;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Limits that a test sets by their keys, to a value or to {@link #OFF}. */
public final class SetLimits extends Limits {

    /** Switches a check off. */
    public static final Object OFF = "off";

    /** Nothing is held for but an empty file. */
    public static final Thresholds NONE = only(Map.of());

    private final Map<String, Object> set;
    private final boolean othersAreUsual;

    private SetLimits(Map<String, Object> set, boolean othersAreUsual) {
        this.set = set;
        this.othersAreUsual = othersAreUsual;
    }

    /** The usual limits, but for some. */
    public static Thresholds usualBut(Map<String, Object> set) {
        return Thresholds.of(new SetLimits(set, true));
    }

    /** No limits, but for some. */
    public static Thresholds only(Map<String, Object> set) {
        return Thresholds.of(new SetLimits(set, false));
    }

    @Override
    public Optional<Double> share(String key, double usual) {
        return of(key, usual).map(Double.class::cast);
    }

    @Override
    public Optional<Duration> time(String key, Duration usual) {
        return of(key, usual).map(Duration.class::cast);
    }

    @Override
    public int number(String key, int usual) {
        return (int) set.getOrDefault(key, usual);
    }

    @Override
    public boolean flag(String key, boolean usual) {
        return of(key, usual).isPresent();
    }

    private Optional<Object> of(String key, Object usual) {
        return Optional.of(set.getOrDefault(key, othersAreUsual ? usual : OFF)).filter(value -> !value.equals(OFF));
    }
}
