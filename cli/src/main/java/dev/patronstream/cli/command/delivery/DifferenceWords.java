package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.screen.TextTable;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.DifferenceGroup;
import dev.patronstream.schemas.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Says for a terminal what a file would change for its vendor: counts and keys. */
final class DifferenceWords {

    private DifferenceWords() {}

    /** Returns why the file is held, one line per reason. */
    static List<String> holds(Delivery delivery) {
        return delivery.getHolds().stream().map(DifferenceWords::hold).toList();
    }

    private static String hold(Hold hold) {
        return "  " + hold.getCheck() + ": " + hold.getMessage();
    }

    /** Returns the difference; nothing where it was not worked out. */
    static List<String> lines(Delivery delivery) {
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
