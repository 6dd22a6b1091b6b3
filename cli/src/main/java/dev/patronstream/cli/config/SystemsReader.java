package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Section;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads which feeds go to the same system at a vendor. They share one choice of primary enrollments, over the schools of
 * all of them, so that a child is in one of them at a time.
 */
final class SystemsReader {

    private final Map<String, Set<Integer>> schoolsBySystem = new HashMap<>();

    /** Reads the systems of all feeds; a school that two feeds of a system name is reported. */
    SystemsReader(Section feeds) {
        Map<String, Map<Integer, String>> feedBySchool = new HashMap<>();
        for (String name : feeds.names()) {
            Section feed = feeds.section(name);
            feed.optionalText("system").ifPresent(system -> {
                Map<Integer, String> taken = feedBySchool.computeIfAbsent(system, s -> new TreeMap<>());
                for (int school : new HashSet<>(Set.copyOf(feed.schools("schools")))) {
                    String other = taken.putIfAbsent(school, name);
                    if (other != null) {
                        feed.wrong(
                                feed.at("schools"),
                                "school " + school + " is in the feed " + other + " of the same system '" + system
                                        + "' already; leave it in one of the two");
                    }
                }
                schoolsBySystem.computeIfAbsent(system, s -> new HashSet<>()).addAll(taken.keySet());
            });
        }
    }

    /** Returns the schools of all feeds of the feed's system; none where it has no system. */
    Set<Integer> schoolsOfSystem(Section feed) {
        return feed.optionalText("system")
                .map(system -> schoolsBySystem.getOrDefault(system, Set.of()))
                .orElse(Set.of());
    }
}
