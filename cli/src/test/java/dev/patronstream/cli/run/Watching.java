package dev.patronstream.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;

/** What deploy/ has for Prometheus and Grafana, held against what a run exposes. */
final class Watching {

    private static final Path RULES = Path.of("../deploy/prometheus/patronstream.rules.yaml");
    private static final Path TESTS = Path.of("../deploy/prometheus/patronstream.rules.test.yaml");
    private static final Path DASHBOARD = Path.of("../deploy/grafana/patronstream.json");
    private static final Pattern METRIC = Pattern.compile("\\b(?:patronstream|jvm|process|system)_[a-z0-9_]+");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)\\\\?[=!]~?\\\\?\"");

    private Watching() {}

    /**
     * Checks names of metrics and labels, and lets promtool check all else where it is installed.
     *
     * @param exposed what a run answers on /metrics
     * @param folder for promtool's input
     */
    static void check(String exposed, Path folder, TestReporter reporter) throws Exception {
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
        if (Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .noneMatch(place -> Files.isExecutable(Path.of(place, "promtool")))) {
            reporter.publishEntry("There is no promtool on this machine, so it does not check metrics and rules");
            return;
        }
        Path scraped = Files.writeString(folder.resolve("metrics"), exposed);
        promtool(new ProcessBuilder("promtool", "check", "metrics").redirectInput(scraped.toFile()));
        promtool(new ProcessBuilder("promtool", "check", "rules", RULES.toString()));
        promtool(new ProcessBuilder("promtool", "test", "rules", TESTS.toString()));
    }

    private static void promtool(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor(1, TimeUnit.MINUTES);
        assertEquals(0, process.exitValue(), command.command() + ": " + said);
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.groupCount() == 0 ? match.group() : match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
