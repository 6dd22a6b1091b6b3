package dev.patronstream.cli.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patronstream.cli.web.SampleDistrict.Situation;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Prometheus' own tool says of the metrics and of the rules in deploy/. */
final class PrometheusTest extends ServedDistrict {

    @BeforeAll
    static void isInstalled() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "promtool"))),
                "There is no promtool on this machine");
    }

    @Test
    void metricsAreNamedAsPrometheusAsks() throws Exception {
        try (StatusServer server = start(Situation.WELL)) {
            Path scraped = Files.writeString(
                    folder.resolve("metrics"), get(server, "/metrics").body());
            promtool(Redirect.from(scraped.toFile()), "check", "metrics");
        }
    }

    @Test
    void rulesFireWhenTheyShouldAndNotOtherwise() throws Exception {
        promtool(Redirect.PIPE, "check", "rules", "../deploy/prometheus/patronstream.rules.yaml");
        promtool(Redirect.PIPE, "test", "rules", "../deploy/prometheus/patronstream.rules.test.yaml");
    }

    private static void promtool(Redirect input, String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments))
                        .toList())
                .redirectInput(input)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
