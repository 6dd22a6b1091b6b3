package dev.patronstream.sandbox.life;

import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;

/**
 * How life goes on.
 *
 * @param seed where chance begins
 * @param changesPerSecond how many events in a second, 0 for none
 * @param today the date that is written as date of entering and leaving
 * @param weights how often each kind happens in relation to the others; a kind that is missing never happens
 */
public record LifeSettings(long seed, double changesPerSecond, LocalDate today, Map<LifeKind, Integer> weights) {

    public LifeSettings {
        if (changesPerSecond < 0 || !Double.isFinite(changesPerSecond)) {
            throw new IllegalArgumentException("Changes per second must be 0 or more, not " + changesPerSecond);
        }
        weights = Map.copyOf(weights);
        if (weights.values().stream().mapToInt(Integer::intValue).sum() <= 0) {
            throw new IllegalArgumentException("At least one kind of event must have a weight above 0");
        }
    }

    /** The usual mixture. */
    public static LifeSettings usual(long seed, double changesPerSecond, LocalDate today) {
        Map<LifeKind, Integer> weights = new EnumMap<>(LifeKind.class);
        for (LifeKind kind : LifeKind.values()) {
            weights.put(kind, kind.weight());
        }
        return new LifeSettings(seed, changesPerSecond, today, weights);
    }

    /** The same with another mixture. */
    public LifeSettings withWeights(Map<LifeKind, Integer> newWeights) {
        return new LifeSettings(seed, changesPerSecond, today, newWeights);
    }
}
