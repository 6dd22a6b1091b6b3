package dev.patronstream.benchmarks.speed;

import dev.patronstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code patronstream run --only connector}, as it is installed, with the configuration that {@code sandbox} writes. */
final class Patronstream implements Contestant {

    private final Path program;
    private final Path sandbox;
    private Topics topics = new Topics("none");

    Patronstream(Path program, Path sandbox) {
        this.program = program;
        this.sandbox = sandbox;
    }

    @Override
    public String name() {
        return "patronstream";
    }

    @Override
    public void configure(int round) throws IOException {
        topics = new Topics("round" + round);
        String usual = Files.readString(sandbox);
        String yaml = usual.replace("district: eagle", "district: round" + round);
        if (yaml.equals(usual)) {
            throw new IllegalStateException("The sandbox's configuration names no district 'eagle': " + sandbox);
        }
        Files.writeString(configuration(), yaml);
    }

    private Path configuration() {
        return sandbox.resolveSibling("side-by-side.yaml");
    }

    @Override
    public List<String> command() {
        return List.of(
                program.toString(),
                "run",
                "--only",
                "connector",
                "--config",
                configuration().toString());
    }

    @Override
    public List<String> topics() {
        return List.of(topics.enrollments(), topics.schools(), topics.staff());
    }
}
