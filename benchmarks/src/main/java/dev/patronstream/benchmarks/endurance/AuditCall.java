package dev.patronstream.benchmarks.endurance;

import dev.patronstream.benchmarks.endurance.judge.Findings;
import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.benchmarks.endurance.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Has {@code patronstream audit} look at the system, where there is such a command. */
final class AuditCall {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Surroundings surroundings;
    private final Path directory;
    private final Findings findings;

    AuditCall(Surroundings surroundings, Path directory, Findings findings) {
        this.surroundings = surroundings;
        this.directory = directory;
        this.findings = findings;
    }

    /** Returns what came of it, in words. */
    String run() throws IOException {
        Child help = command("help", List.of("--help"));
        help.start();
        help.awaitEnd(PATIENCE);
        if (Files.readAllLines(help.log()).stream().noneMatch(line -> line.matches("\\s+audit\\b.*"))) {
            return "left out: there is no command 'audit'";
        }
        Child audit = command(
                "audit",
                List.of("audit", "--config", surroundings.configuration().toString()));
        audit.start();
        if (!audit.awaitEnd(PATIENCE)) {
            audit.kill();
            findings.add(Kind.STUCK, "audit did not end within " + PATIENCE.toMinutes() + " minutes");
            return "did not end";
        }
        if (audit.exitCode() != 0) {
            findings.add(Kind.AUDIT, "exit code " + audit.exitCode() + ": " + audit.lastWords());
        }
        return (audit.exitCode() == 0 ? "clean: " : "exit code " + audit.exitCode() + ": ") + audit.lastWords();
    }

    private Child command(String name, List<String> arguments) {
        List<String> line = new java.util.ArrayList<>(List.of("-Xmx384m", "dev.patronstream.cli.Patronstream"));
        line.addAll(arguments);
        return new Child(
                name,
                line,
                Map.of(
                        "PATRONSTREAM_DIRECTORY",
                        directory.resolve("data-" + name).toString()),
                surroundings.logs());
    }
}
