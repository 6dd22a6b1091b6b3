package dev.patronstream.benchmarks.endurance;

import dev.patronstream.benchmarks.endurance.fault.Strike;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A fault, and how the status pages told of it.
 *
 * @param strike the fault
 * @param visible how long it took until a page said something else than "good", or told something new; empty when none
 *     did before the next fault
 * @param healed how long it took until every page said "good" for good; empty when the next fault came before
 */
record Healing(Strike strike, Optional<Duration> visible, Optional<Duration> healed) {

    static List<Healing> of(List<Strike> strikes, List<StatusWatch.Look> looks) {
        List<Healing> healings = new ArrayList<>();
        for (int i = 0; i < strikes.size(); i++) {
            Instant until = i + 1 < strikes.size() ? strikes.get(i + 1).at() : Instant.MAX;
            Strike strike = strikes.get(i);
            healings.add(of(
                    strike,
                    looks.stream()
                            .filter(look -> !look.at().isBefore(strike.at())
                                    && look.at().isBefore(until))
                            .toList()));
        }
        return healings;
    }

    private static Healing of(Strike strike, List<StatusWatch.Look> looks) {
        Optional<Instant> visible = looks.stream()
                .filter(StatusWatch.Look::visible)
                .map(StatusWatch.Look::at)
                .findFirst();
        Optional<Instant> healed = Optional.empty();
        for (StatusWatch.Look look : looks) {
            boolean isGood = look.good() && !look.at().isBefore(strike.done());
            healed = isGood ? healed.or(() -> Optional.of(look.at())) : Optional.empty();
        }
        return new Healing(
                strike,
                visible.map(at -> Duration.between(strike.at(), at)),
                healed.map(at -> Duration.between(strike.at(), at)));
    }

    /** A table with a line per kind of fault. */
    static String table(List<Healing> healings) {
        Map<String, List<Healing>> kinds = new TreeMap<>();
        healings.forEach(
                healing -> kinds.computeIfAbsent(healing.strike().fault().kind(), kind -> new ArrayList<>())
                        .add(healing));
        StringBuilder text = new StringBuilder("| fault | count | visible | until visible: median, longest"
                + " | good again before the next | until good again: median, longest |\n"
                + "| --- | --- | --- | --- | --- | --- |\n");
        kinds.forEach((kind, all) -> {
            List<Duration> visible =
                    all.stream().flatMap(healing -> healing.visible().stream()).toList();
            List<Duration> healed =
                    all.stream().flatMap(healing -> healing.healed().stream()).toList();
            text.append("| ").append(kind).append(" | ").append(all.size());
            text.append(" | ").append(visible.size()).append(" | ").append(medianAndLongest(visible));
            text.append(" | ").append(healed.size()).append(" | ").append(medianAndLongest(healed));
            text.append(" |\n");
        });
        return text.toString();
    }

    private static String medianAndLongest(List<Duration> times) {
        if (times.isEmpty()) {
            return "";
        }
        List<Duration> sorted = times.stream().sorted().toList();
        return seconds(sorted.get(sorted.size() / 2)) + ", " + seconds(sorted.get(sorted.size() - 1));
    }

    private static String seconds(Duration time) {
        return Math.round(time.toMillis() / 100.0) / 10.0 + " s";
    }
}
