package dev.patronstream.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What deploy/ has for Prometheus and Grafana, held against what a run exposes. */
final class Watching {

    private static final Path RULES = Path.of("../deploy/prometheus/patronstream.rules.yaml");
    private static final Path DASHBOARD = Path.of("../deploy/grafana/patronstream.json");
    private static final Pattern METRIC = Pattern.compile("\\b(?:patronstream|jvm|process|system)_[a-z0-9_]+");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)\\\\?[=!]~?\\\\?\"");

    private Watching() {}

    /**
     * Checks names of metrics and labels; all else is for promtool.
     *
     * @param exposed what a run answers on /metrics
     */
    static void check(String exposed) throws IOException {
        Set<String> metrics = all(METRIC, exposed);
        Set<String> labels = all(Pattern.compile("([a-z]+)=\""), exposed);
        labels.add("job"); // Prometheus' own.
        for (Path file : List.of(RULES, DASHBOARD)) {
            String text = Files.readString(file);
            Set<String> named = all(METRIC, text);
            assertFalse(named.isEmpty(), file.toString());
            named.removeAll(metrics);
            assertEquals(Set.of(), named, "metrics of " + file + " that no run has");
            Set<String> asked = all(LABEL, text);
            asked.removeAll(labels);
            assertEquals(Set.of(), asked, "labels of " + file + " that no run has");
        }
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.groupCount() == 0 ? match.group() : match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
