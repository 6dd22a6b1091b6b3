package dev.patronstream.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.command.option.Converters;
import dev.patronstream.cli.command.option.JsonOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.run.DeliveryWords;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.delivery.Decider;
import dev.patronstream.snapshotter.delivery.DecisionRefusedException;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.safety.check.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code deliveries}: the receipts, and what a person decides about them.
 *
 * <p>Orders are carried out in this process, as {@code snapshot} is: they need the topics and the archive of this
 * machine, whether {@code run} is up or not.
 */
@Command(
        name = "deliveries",
        mixinStandardHelpOptions = true,
        description = "Lists the receipts of deliveries, the newest first.",
        footer = {
            "",
            "Example: patronstream deliveries",
            "         patronstream deliveries show ID",
            "         patronstream deliveries approve ID"
        })
final class DeliveriesCommand extends ConfiguredCommand {

    private static final int FAILED = 1;

    @Option(
            names = "--max",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "At most so many (default: 20).")
    private int max = 20;

    @Mixin
    private JsonOption json = new JsonOption();

    DeliveriesCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        List<Delivery> receipts = receipts(option);
        if (json.isAsked()) {
            JsonOption.print(terminal, document -> {
                ArrayNode all = document.putArray("deliveries");
                receipts.stream().limit(max).map(AvroJson.CONTRACT::of).forEach(all::add);
            });
            return 0;
        }
        if (receipts.isEmpty()) {
            line("There are no deliveries yet.");
        }
        receipts.stream()
                .limit(max)
                .forEach(receipt -> line(receipt.getId() + "  " + DeliveryWords.line(receipt) + waits(receipt)));
        return 0;
    }

    private static String waits(Delivery receipt) {
        return receipt.getResult() != DeliveryResult.HELD
                ? ""
                : receipt.getHolds().stream()
                        .map(hold -> hold.getCheck())
                        .distinct()
                        .collect(Collectors.joining(", ", ", waits for a person: ", ""));
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a delivery: what it changes for the vendor by school and status, and why it is held.",
            footer = {"", "Example: patronstream deliveries show destiny-20261124T020000123Z-17"})
    public Integer show(
            @Mixin ConfigurationOption option,
            @Parameters(paramLabel = "ID", description = "The delivery's id.") String id,
            @Mixin JsonOption asJson) {
        Delivery receipt = receipts(option).stream()
                .filter(candidate -> candidate.getId().equals(id))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        "There is no delivery " + id + "; `patronstream deliveries` lists them"));
        if (asJson.isAsked()) {
            JsonOption.print(terminal, AvroJson.CONTRACT.of(receipt));
        } else {
            print(receipt);
        }
        return 0;
    }

    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = "Sends a held file, the very one that the id names.",
            footer = {"", "Example: patronstream deliveries approve destiny-20261124T020000123Z-17"})
    Integer approve(
            @Mixin ConfigurationOption option,
            @Parameters(paramLabel = "ID", description = "The held delivery's id.") String id,
            @Option(names = "--note", paramLabel = "TEXT", description = "Why; kept in the receipt.") @Nullable
                    String note) {
        return sent(option, snapshotter -> snapshotter.approve(id, decider(note)));
    }

    @Command(
            name = "reject",
            mixinStandardHelpOptions = true,
            description = {
                "Refuses a held file; the vendor keeps what it has.",
                "Of a file that was approved and did not arrive the approval is withdrawn."
            },
            footer = {"", "Example: patronstream deliveries reject destiny-20261124T020000123Z-17"})
    Integer reject(
            @Mixin ConfigurationOption option,
            @Parameters(paramLabel = "ID", description = "The held delivery's id.") String id,
            @Option(names = "--note", paramLabel = "TEXT", description = "Why; kept in the receipt.") @Nullable
                    String note) {
        Delivery rejected = ordered(option, Set.of(Part.KAFKA), snapshotter -> snapshotter.reject(id, decider(note)));
        boolean untouched = rejected.getFiles().stream().allMatch(file -> file.getState() == DeliveryFileState.OLD);
        line(rejected.getId() + " is rejected; "
                + (untouched
                        ? "the vendor holds what it held before."
                        : "an attempt may have put files of it in their places before, and the next delivery"
                                + " finds out."));
        return 0;
    }

    @Command(
            name = "resend",
            mixinStandardHelpOptions = true,
            description = "Sends the file of an earlier delivery once more, as it was.",
            footer = {"", "Example: patronstream deliveries resend destiny-20261124T020000123Z-17"})
    Integer resend(
            @Mixin ConfigurationOption option,
            @Parameters(paramLabel = "ID", description = "The earlier delivery's id.") String id,
            @Option(names = "--note", paramLabel = "TEXT", description = "Why; kept in the receipt.") @Nullable
                    String note) {
        return sent(option, snapshotter -> snapshotter.resend(id, decider(note)));
    }

    @Command(
            name = "confirm",
            mixinStandardHelpOptions = true,
            description = "Notes how many records the vendor's job summary says it has read; ends with 1 if that is not"
                    + " the file's number of rows.",
            footer = {"", "Example: patronstream deliveries confirm ID --records-read 5034"})
    Integer confirm(
            @Mixin ConfigurationOption option,
            @Parameters(paramLabel = "ID", description = "The delivery's id.") String id,
            @Option(
                            names = "--records-read",
                            required = true,
                            paramLabel = "N",
                            converter = Converters.Count.class,
                            description = "What the summary calls records read.")
                    int recordsRead) {
        Delivery confirmed = ordered(option, Set.of(Part.KAFKA), snapshotter -> snapshotter.confirm(id, recordsRead));
        if (confirmed.getRows() != recordsRead) {
            throw new CommandFailedException("The vendor read " + recordsRead + " records, and the file of " + id
                    + " has " + confirmed.getRows()
                    + ". Look at the invalid records in the job's summary, and at the time it ran: it may have read an"
                    + " earlier file. The number is noted in the receipt");
        }
        line("The vendor read all " + recordsRead + " rows of " + id + ".");
        return 0;
    }

    private int sent(ConfigurationOption option, Function<Snapshotter, Delivery> order) {
        Delivery delivery = ordered(option, Set.of(Part.KAFKA, Part.DELIVERY), order);
        if (!Receipts.hasArrived(delivery.getResult())) {
            throw new CommandFailedException(
                    delivery.getId() + ": " + DeliveryWords.failure(delivery).orElse(DeliveryWords.word(delivery)),
                    FAILED);
        }
        line(delivery.getFeed() + " " + DeliveryWords.line(delivery));
        DeliveryWords.destination(delivery).ifPresent(where -> line("  " + where));
        line("  receipt: " + delivery.getId());
        return 0;
    }

    private Delivery ordered(ConfigurationOption option, Set<Part> parts, Function<Snapshotter, Delivery> order) {
        Configuration configuration = option.readAndLog(terminal, parts);
        District district = new District(configuration, Cluster.running(configuration));
        StopRequest stop = terminal.stop().get();
        try (Snapshotter snapshotter = district.snapshotter()) {
            stop.closing(snapshotter);
            return order.apply(snapshotter);
        } catch (DecisionRefusedException | SnapshotFailedException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<Delivery> receipts(ConfigurationOption option) {
        Configuration configuration = option.readAndLog(terminal, Set.of(Part.KAFKA));
        ClusterClients clients = Cluster.running(configuration);
        Receipts receipts = new Receipts(configuration.topics(), clients.kafkaProperties(), clients.avro());
        List<Delivery> all = new ArrayList<>();
        for (FeedSettings feed : configuration.deliveries().feeds()) {
            all.addAll(receipts.of(feed.feed()));
        }
        all.sort(Receipts.ORDER.reversed());
        return all;
    }

    private void print(Delivery receipt) {
        line(receipt.getId());
        line("  " + DeliveryWords.line(receipt));
        line("  begun " + receipt.getStartedAt() + " by " + receipt.getMadeBy()
                + receipt.getFreshAsOf()
                        .map(asOf -> receipt.getReadUntil()
                                .map(until -> ", read in Aeries between " + asOf + " and " + until)
                                .orElse(", as things stood in Aeries at " + asOf))
                        .orElse(""));
        receipt.getResendOf().ifPresent(earlier -> line("  the file of " + earlier + ", sent once more"));
        receipt.getDecision()
                .ifPresent(decision -> line("  " + AvroJson.word(decision.getKind()) + " by " + decision.getBy()
                        + " at " + decision.getAt()
                        + decision.getNote().map(note -> ": " + note).orElse("")));
        DeliveryWords.filesOfBrokenAttempt(receipt).forEach(file -> line("  " + file));
        receipt.getRecordsRead().ifPresent(read -> line("  the vendor read " + read + " records"));
        DeliveryWords.sites(receipt).forEach(this::line);
        if (!receipt.getHolds().isEmpty()) {
            line(receipt.getResult() == DeliveryResult.HELD ? "Held, because" : "Was held, because");
            DeliveryWords.holds(receipt).forEach(this::line);
        }
        DeliveryWords.difference(receipt).forEach(this::line);
        receipt.getCaptureNews().forEach(news -> line("  " + news));
        if (receipt.getResult() != DeliveryResult.HELD) {
            receipt.getMessage().ifPresent(message -> line("  " + message));
        } else if (Checks.mayBeApproved(receipt.getHolds())) {
            line("Decide: patronstream deliveries approve " + receipt.getId());
            line("        patronstream deliveries reject " + receipt.getId());
            line("or undo in Aeries what was an accident: the next delivery then goes out by itself.");
        } else {
            line("It cannot be approved. The next delivery after the reason is gone is the one to decide on.");
        }
    }

    private static Decider decider(@Nullable String note) {
        return new Decider(System.getProperty("user.name", "unknown"), Optional.ofNullable(note));
    }
}
