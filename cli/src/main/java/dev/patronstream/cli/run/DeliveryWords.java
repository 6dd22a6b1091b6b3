package dev.patronstream.cli.run;

import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.screen.TextTable;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DifferenceGroup;
import dev.patronstream.schemas.Hold;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what became of a delivery. */
public final class DeliveryWords {

    private DeliveryWords() {}

    /** Returns why it did not succeed; empty when it did, or is under way. */
    public static Optional<String> failure(Delivery delivery) {
        return switch (delivery.getResult()) {
            case FAILED, HELD, REJECTED -> Optional.of(delivery.getMessage().orElse(word(delivery)));
            case DELIVERED, UNCHANGED, WRITTEN, SENDING, SUPERSEDED -> Optional.empty();
        };
    }

    public static String word(Delivery delivery) {
        return AvroJson.word(delivery.getResult());
    }

    /** Returns where to, and under which names; empty when it was not meant for a vendor. */
    public static Optional<String> destination(Delivery delivery) {
        return delivery.getDestination()
                .map(where -> "to " + where + " as "
                        + delivery.getFiles().stream()
                                .map(DeliveryFile::getName)
                                .collect(Collectors.joining(", ")));
    }

    /** Returns what the vendor holds of each file after an attempt that ended on the way; none when nothing changed. */
    public static List<String> filesOfBrokenAttempt(Delivery delivery) {
        List<DeliveryFile> files = delivery.getFiles();
        boolean over = Receipts.hasArrived(delivery.getResult());
        if (over || files.stream().allMatch(file -> file.getState() == DeliveryFileState.OLD)) {
            return List.of();
        }
        return files.stream()
                .map(file -> file.getName() + ": the vendor holds "
                        + switch (file.getState()) {
                            case OLD -> "the old one";
                            case NEW -> "this one";
                            case UNKNOWN ->
                                "the old one or this one, whole (or none, where non-atomic renames are" + " allowed)";
                        })
                .toList();
    }

    /** Returns one line about it, counts only. */
    public static String line(Delivery delivery) {
        return word(delivery) + ": " + delivery.getRows() + " rows, " + delivery.getBytes() + " bytes"
                + delivery.getWatermark()
                        .map(lsn -> ", watermark " + Lsn.inWords(lsn))
                        .orElse("")
                + (delivery.getLeavers() > 0 ? ", " + delivery.getLeavers() + " of them leavers" : "")
                + (delivery.getProblems() > 0 ? ", " + delivery.getProblems() + " in the problem report" : "");
    }

    /** Returns the rows by site, one line each. */
    public static List<String> sites(Delivery delivery) {
        return new TreeMap<>(delivery.getRowsPerSite())
                .entrySet().stream()
                        .map(site -> "  " + site.getKey() + ": " + site.getValue())
                        .toList();
    }

    /** Returns why the file is held, one line per reason. */
    public static List<String> holds(Delivery delivery) {
        return delivery.getHolds().stream().map(DeliveryWords::hold).toList();
    }

    private static String hold(Hold hold) {
        return "  " + hold.getCheck() + ": " + hold.getMessage();
    }

    /** Returns what the file would change for its vendor, in counts and keys; nothing where it was not worked out. */
    public static List<String> difference(Delivery delivery) {
        if (delivery.getDifference().isEmpty()) {
            return List.of();
        }
        DeliveryDifference difference = delivery.getDifference().get();
        List<String> lines = new ArrayList<>();
        lines.add(difference
                .getSince()
                .map(since -> "Next to what the vendor holds since " + since + ":")
                .orElse("The vendor holds nothing from here yet:"));
        lines.add("  " + difference.getBefore() + " patrons before, " + difference.getAfter() + " after: "
                + difference.getAdded() + " added, " + difference.getRemoved() + " removed, "
                + difference.getTransferred() + " transferred, " + difference.getChanged() + " changed");
        TextTable table = new TextTable("site", "status", "before", "added", "removed", "changed", "after");
        for (DifferenceGroup group : difference.getGroups()) {
            table.row(Stream.of(
                            group.getSite(),
                            group.getStatus(),
                            group.getBefore(),
                            group.getAdded(),
                            group.getRemoved(),
                            group.getChanged(),
                            group.getAfter())
                    .map(String::valueOf)
                    .toList());
        }
        table.lines().forEach(line -> lines.add("  " + line));
        List.of("removed", "added", "transferred", "changed").forEach(kind -> {
            List<String> keys = difference.getSamples().getOrDefault(kind, List.of());
            if (!keys.isEmpty()) {
                lines.add("  " + kind + ", for example: " + String.join(", ", keys));
            }
        });
        return List.copyOf(lines);
    }
}
