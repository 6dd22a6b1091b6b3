package dev.patronstream.cli.command.option;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The option {@code --wait} of commands that need an exact state of a feed. */
public final class WaitOption {

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "How long to wait for the stages before (default: 60s).")
    private Duration time = Duration.ofSeconds(60);

    public Duration time() {
        return time;
    }
}
