package dev.patronstream.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One reading of the configuration: where values come from, and what was found wrong on the way.
 *
 * <p>Not thread-safe.
 */
final class Reading {

    /** Prefix of the environment variables that give values. */
    static final String PREFIX = "PATRONSTREAM_";

    /** The variable with the prefix that is the launcher's. */
    private static final String LAUNCHER = "PATRONSTREAM_JAVA_OPTS";

    private static final Pattern NOT_ALPHANUMERIC = Pattern.compile("[^A-Z0-9]");

    private final ConfigurationText text;
    private final Map<String, String> environment;
    private final Path folder;
    private final Set<Part> parts;
    private final List<ConfigurationProblem> problems = new ArrayList<>();
    private final Set<String> usedVariables = new HashSet<>();
    private final Set<String> freeNames = new HashSet<>();
    private final Set<String> knownKeys = new TreeSet<>();

    Reading(ConfigurationText text, Map<String, String> environment, Path folder, Set<Part> parts) {
        this.text = text;
        this.environment = Map.copyOf(environment);
        this.folder = folder;
        this.parts = Set.copyOf(parts);
    }

    /** The folder that relative paths start from. */
    Path folder() {
        return folder;
    }

    boolean needs(Part part) {
        return parts.contains(part);
    }

    void problem(String path, String message) {
        ConfigurationProblem found = new ConfigurationProblem(path, text.lineOf(path), message);
        if (!problems.contains(found)) {
            problems.add(found);
        }
    }

    List<ConfigurationProblem> problems() {
        return problems;
    }

    /** Says that the keys below a path are names that people choose: school codes, tags, properties. */
    void freeNames(String path) {
        freeNames.add(path + ".");
    }

    /** Remembers a key that the configuration may have; the name of a feed is written as {@code <feed>}, and so on. */
    void know(String path) {
        if (freeNames.stream().noneMatch(path::startsWith)) {
            knownKeys.add(path.replaceFirst("^feeds\\.[^.]+", "feeds.<feed>")
                    .replaceFirst("^layouts\\.[^.]+", "layouts.<layout>")
                    .replaceFirst("^(layouts\\.<layout>\\.files)\\.[^.]+", "$1.<file>"));
        }
    }

    Set<String> knownKeys() {
        return knownKeys;
    }

    /** Returns the variable that stands for a path: {@code feeds.destiny.schedule} is PATRONSTREAM_FEEDS_DESTINY_SCHEDULE. */
    static String variable(String path) {
        return PREFIX + NOT_ALPHANUMERIC.matcher(path.toUpperCase(Locale.ROOT)).replaceAll("_");
    }

    /** Returns an environment variable, and notes that it is of use. */
    Optional<String> environment(String variable) {
        usedVariables.add(variable);
        return Optional.ofNullable(environment.get(variable));
    }

    /** Whether some variable gives a value below a path. */
    boolean hasVariablesBelow(String path) {
        String prefix = variable(path) + "_";
        return environment.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** Reports variables with our prefix that stand for nothing: most likely a misspelt key. */
    void reportUnknownVariables() {
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !usedVariables.contains(name) && !name.equals(LAUNCHER)) {
                problem(
                        "",
                        "The environment variable " + name + " stands for no key of the configuration"
                                + Suggestion.nearest(name, usedVariables)
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse("; see docs/configuration.md"));
            }
        }
    }
}
