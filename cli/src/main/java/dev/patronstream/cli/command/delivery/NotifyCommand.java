package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code notify --test}: tries whether notices arrive. */
@Command(
        name = "notify",
        mixinStandardHelpOptions = true,
        description = "Sends a test by every channel of notices, and says which of them took it.",
        footer = {"", "Example: patronstream notify --test"})
public final class NotifyCommand extends ConfiguredCommand {

    private static final int FAILED = 1;

    @Option(names = "--test", required = true, description = "Send the test; there is nothing else to send by hand.")
    private boolean test;

    public NotifyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Configuration configuration = configuration(Part.DELIVERY);
        if (!test || configuration.deliveries().notices().isEmpty()) {
            throw new CommandFailedException(
                    "There is nobody to tell: " + configuration.installation().file()
                            + " has no notices. Add notices.webhook or notices.email",
                    2);
        }
        List<NoticeBoard.TestResult> results = NoticeBoard.test(
                configuration.district().name(), configuration.deliveries().notices(), InstantSource.system());
        results.forEach(
                result -> line(result.channel() + ": " + result.failure().orElse("took the test")));
        return results.stream().anyMatch(result -> result.failure().isPresent()) ? FAILED : 0;
    }
}
