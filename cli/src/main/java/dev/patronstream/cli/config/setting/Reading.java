package dev.patronstream.cli.config.setting;

import dev.patronstream.schemas.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One reading of the configuration: where values come from, and what was found wrong on the way.
 *
 * <p>Not thread-safe.
 */
public final class Reading {

    /** Prefix of the environment variables that give values. */
    static final String PREFIX = "PATRONSTREAM_";

    /** The variable with the prefix that is the launcher's. */
    private static final String LAUNCHER = "PATRONSTREAM_JAVA_OPTS";

    /** What Kubernetes sets for each service of the namespace, also for one whose name begins like our prefix. */
    private static final Pattern SERVICE = Pattern.compile(
            ".+_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)=.*|.+_PORT=(tcp|udp|sctp)://.*",
            Pattern.DOTALL);

    /** The name of a linked container as Docker gives it to another one, beside its ports and what is behind ENV. */
    private static final Pattern LINK = Pattern.compile("/[^/\\s]+/[^/\\s]+");

    /** What is said of a variable without a value. */
    static final String NOTHING = "is set to nothing; give it a value, or unset it";

    private static final int SHORT = 4;

    private static final Pattern NOT_ALPHANUMERIC = Pattern.compile("[^A-Z0-9]");

    private final ConfigurationText text;
    private final Map<String, String> environment;
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, String> referredTo = new HashMap<>();
    private final Set<Path> secretFiles = new TreeSet<>();
    private final Path folder;
    private final Set<Part> parts;
    private final List<ConfigurationProblem> problems = new ArrayList<>();
    private final Set<String> usedVariables = new HashSet<>();
    private final Map<String, String> pathsOfVariables = new HashMap<>();

    public Reading(ConfigurationText text, Map<String, String> environment, Path folder, Set<Part> parts) {
        this.text = text;
        this.environment = Map.copyOf(environment);
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX)
                    && !name.equals(LAUNCHER)
                    && !SERVICE.matcher(name + "=" + value).matches()
                    && !isOfLink(name)) {
                settings.put(name, value);
            }
        });
        this.folder = folder;
        this.parts = Set.copyOf(parts);
    }

    /** The folder that relative paths start from. */
    public Path folder() {
        return folder;
    }

    public boolean needs(Part part) {
        return parts.contains(part);
    }

    public void problem(String path, String message) {
        ConfigurationProblem found = new ConfigurationProblem(path, text.lineOf(path), withoutReferredTo(message));
        if (!problems.contains(found)) {
            problems.add(found);
        }
    }

    /** Remembers a value that is kept elsewhere, possibly for a reason: messages show the reference in its place. */
    void referredTo(String value, String reference) {
        referredTo.put(value, reference);
    }

    private String withoutReferredTo(String message) {
        String shown = message;
        for (Map.Entry<String, String> each : referredTo.entrySet()) {
            String quoted = "'" + each.getKey() + "'";
            shown = each.getKey().length() < SHORT
                    ? shown.replace(quoted, each.getValue())
                    : shown.replace(quoted, each.getValue()).replace(each.getKey(), each.getValue());
        }
        return shown;
    }

    void secretFile(Path file) {
        secretFiles.add(file);
    }

    public Set<Path> secretFiles() {
        return secretFiles;
    }

    public List<ConfigurationProblem> problems() {
        return problems;
    }

    /** Returns the variable that stands for a path: {@code feeds.destiny.schedule} is PATRONSTREAM_FEEDS_DESTINY_SCHEDULE. */
    public static String variable(String path) {
        return PREFIX + NOT_ALPHANUMERIC.matcher(path.toUpperCase(Locale.ROOT)).replaceAll("_");
    }

    /** Returns an environment variable that a reference names, and notes that it is of use. */
    Optional<String> environment(String variable) {
        usedVariables.add(variable);
        return Optional.ofNullable(environment.get(variable));
    }

    /** Returns the value that the variable of a path gives; one without a value is reported. */
    Optional<String> setting(String path) {
        String variable = variable(path);
        usedVariables.add(variable);
        Optional<String> given = Optional.ofNullable(settings.get(variable));
        if (given.filter(Text::isBlank).isPresent()) {
            problem(path, "the environment variable " + variable + " " + NOTHING);
            return Optional.empty();
        }
        String first = pathsOfVariables.computeIfAbsent(variable, unused -> path);
        if (given.isPresent() && !first.equals(path)) {
            problem(
                    path,
                    "the environment variable " + variable + " stands for " + first
                            + " as well; unset it, and write both in the file");
        }
        return given;
    }

    /** Whether some variable gives a value below a path. */
    boolean hasVariablesBelow(String path) {
        String prefix = variable(path) + "_";
        return settings.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private boolean isOfLink(String name) {
        String alias = name.replaceFirst("_NAME$|_ENV_.*", "");
        return !alias.equals(name)
                && LINK.matcher(environment.getOrDefault(alias + "_NAME", "")).matches()
                && environment.keySet().stream()
                        .anyMatch(other -> other.equals(alias + "_PORT") || other.startsWith(alias + "_ENV_"));
    }

    /** Reports variables with our prefix that stand for nothing: most likely a misspelled key. */
    public void reportUnknownVariables() {
        for (String name : settings.keySet()) {
            if (!usedVariables.contains(name)) {
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
