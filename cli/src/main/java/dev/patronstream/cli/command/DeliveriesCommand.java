package dev.patronstream.cli.command;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.Part;
import dev.patronstream.cli.run.ClusterClients;
import dev.patronstream.cli.run.DeliveryWords;
import dev.patronstream.cli.run.RunningCluster;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.snapshotter.FeedSettings;
import dev.patronstream.snapshotter.delivery.Receipts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deliveries}: the receipts. */
@Command(
        name = "deliveries",
        mixinStandardHelpOptions = true,
        description = "Lists the receipts of deliveries, the newest first.",
        footer = {"", "Example: patronstream deliveries", "         patronstream deliveries show ID"})
final class DeliveriesCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ConfigurationOption configurationOption = new ConfigurationOption();

    @Option(names = "--max", paramLabel = "N", description = "At most so many (default: 20).")
    private int max = 20;

    DeliveriesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Delivery> receipts = receipts(terminal, configurationOption);
        if (receipts.isEmpty()) {
            terminal.screen().line("There are no deliveries yet.");
        }
        receipts.stream().limit(max).forEach(receipt -> terminal.screen()
                .line(receipt.getId() + "  " + DeliveryWords.line(receipt)));
        return 0;
    }

    private static List<Delivery> receipts(Terminal terminal, ConfigurationOption option) {
        Configuration configuration = option.readAndLog(terminal, EnumSet.of(Part.KAFKA));
        ClusterClients clients = RunningCluster.of(configuration);
        Receipts receipts = new Receipts(configuration.topics(), clients.kafkaProperties(), clients.avro());
        List<Delivery> all = new ArrayList<>();
        for (FeedSettings feed : configuration.feeds()) {
            all.addAll(receipts.of(feed.feed()));
        }
        all.sort(Comparator.comparing(Delivery::getStartedAt).reversed());
        return all;
    }

    /** {@code deliveries show ID}: one receipt in full. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one receipt in full, as JSON.",
            footer = {"", "Example: patronstream deliveries show destiny-20261124T020000Z-17"})
    Integer show(
            @Mixin ConfigurationOption option,
            @Parameters(paramLabel = "ID", description = "The receipt's id.") String id) {
        Delivery receipt = receipts(terminal, option).stream()
                .filter(candidate -> candidate.getId().equals(id))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        "There is no receipt " + id + "; `patronstream deliveries` lists them"));
        terminal.out().println(AvroJson.text(receipt, true));
        return 0;
    }
}
