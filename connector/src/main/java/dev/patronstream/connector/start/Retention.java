package dev.patronstream.connector.start;

import dev.patronstream.connector.database.CaptureInstance;
import dev.patronstream.connector.database.TrackedTable;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Whether the change tables still hold everything after the watermark. */
public final class Retention {

    private Retention() {}

    /**
     * Returns why changes are lost; empty when none is.
     *
     * <p>A table's changes are all there when an instance begins at or below the watermark. So they are when the first of
     * the instances that were there before is there unchanged: what it does not have, no other one had. A second instance
     * that was added while capture lagged behind has nothing of the time before it, and a new one begins above
     * everything that was ever captured.
     *
     * @param known the instances as they were when the watermark was published
     * @param now the instances of today
     */
    public static Optional<String> lost(
            Collection<SourceTable> tables, Collection<CaptureInstance> known, List<TrackedTable> now, Lsn watermark) {
        for (SourceTable table : tables) {
            List<TrackedTable> present = now.stream()
                    .filter(instance -> instance.table().equals(table.name()))
                    .toList();
            if (present.isEmpty()) {
                return Optional.of("table " + table + " is not tracked any more");
            }
            boolean complete = present.stream()
                    .anyMatch(instance -> (!instance.startLsn().isAfter(watermark) && wasThere(known, instance))
                            || isFirst(known, instance.asInstance()));
            if (!complete) {
                boolean cleanedUp =
                        present.stream().anyMatch(instance -> known.stream().anyMatch(instance::isSameAs));
                return Optional.of(
                        !cleanedUp
                                ? "the capture instance of table " + table + " was created again, and what happened in"
                                        + " between was not captured"
                                : "capture was down for longer than CDC keeps changes: those of table " + table
                                        + " begin at " + present.get(0).startLsn()
                                        + ", after the last one published (" + watermark + ")");
            }
        }
        return Optional.empty();
    }

    private static boolean isFirst(Collection<CaptureInstance> known, CaptureInstance instance) {
        return known.contains(instance)
                && known.stream()
                        .filter(other -> other.table().equals(instance.table()))
                        .noneMatch(other -> other.startLsn().compareTo(instance.startLsn()) < 0);
    }

    /** The same instance, or one that was added beside it; not one that was made again under the same name. */
    private static boolean wasThere(Collection<CaptureInstance> known, TrackedTable instance) {
        return known.stream()
                .filter(before -> before.name().equals(instance.name()))
                .allMatch(instance::isSameAs);
    }
}
